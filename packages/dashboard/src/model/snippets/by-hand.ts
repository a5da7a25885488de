import { text } from '../../text.ts';
import type { Fill, Snippet } from './fill.ts';

/** One request, by curl. */
export function curlSnippets({ url, key }: Fill): Snippet[] {
  const code = `curl -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '[{
    "time": "'$(date -u +%FT%TZ)'",
    "client.address": "192.0.2.1",
    "server.address": "www.example.org",
    "http.request.method": "GET",
    "url.path": "/",
    "http.response.status_code": 200
  }]' ${url}/api/v1/requests`;
  return [{ title: text.firstSteps.steps.send, code }];
}

/** A log that is there already, once or for as long as it grows. */
export function fileSnippets({ url, key, tenant, installation }: Fill): Snippet[] {
  const whose = installation ? '' : ` --tenant ${tenant}`;
  return [
    {
      title: text.firstSteps.steps.file,
      code: `npx vedette import${whose} /var/log/nginx/access.log*\nnpx vedette import${whose} --follow /var/log/nginx/access.log`,
    },
    {
      title: text.firstSteps.steps.remoteFile,
      code: `curl -X POST -H 'Authorization: Bearer ${key}' -T access.log \\\n  '${url}/api/v1/imports?name=access.log'`,
    },
  ];
}
