import type { BrowserSnippet, Domain } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { UsageFault } from '../model/fault.ts';
import { HostTable } from '../stores/records-hosts.ts';
import { readArguments, takeNone } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub, type HubClient } from './hub-client.ts';

const OPTIONS = {
  data: { type: 'string' },
  domain: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** `vedette snippet`. */
export const command: Command = {
  name: 'snippet',
  summary: 'Print the script tag of a site',
  usage: `Usage: vedette snippet --domain HOST [--language TAG]

Prints the tag that brings the banner and the counting of pages to a site. The hub must know the site's host, and says
when it does not: vedette domain add HOST --tenant T

  --domain HOST     host of the site
  --language TAG    language of the banner, such as de; otherwise that of the page
  --data DIR        data directory of the running hub
  --json            answer as JSON, with addresses and hashes
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    takeNone(positionals, 'snippet');
    if (values.domain === undefined) throw new UsageFault('say for which site with --domain');
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const query = { domain: values.domain, language: values.language };
    const snippet = await hub.call<BrowserSnippet>({ method: 'GET', path: '/browser/snippet', query });
    io.stdout.write(values.json ? `${JSON.stringify(snippet)}\n` : `${snippet.html}\n`);
    // The tag is right all the same: it may be in the pages before the hub is told.
    if (!(await isKnown(hub, values.domain))) {
      io.stderr.write(
        `vedette snippet: no tenant has the host ${values.domain}: what its pages send is refused until one does ` +
          `(vedette domain add ${values.domain.replace(/:\d+$/, '')} --tenant T)\n`,
      );
    }
    return 0;
  },
};

/** Whether a host, with or without a port, is a tenant's. */
async function isKnown(hub: HubClient, domain: string): Promise<boolean> {
  const host = domain.toLowerCase().replace(/:\d+$/, '');
  const domains = await hub.list<Domain>({ method: 'GET', path: '/api/v1/domains', query: {} }, 'domains');
  const verified = domains.filter(({ verified_by: by }) => by !== null);
  return new HostTable(verified.map(({ pattern }) => [pattern, true])).find(host) === true;
}
