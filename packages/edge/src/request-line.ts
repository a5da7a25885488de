import type { EdgeRequest, Head, Target } from './edge-request.ts';

// What JSON must escape, and surrogates, of which there may be lone ones.
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\ud7ff\ue000-\uffff]*$/;

/**
 * Writes requests as lines of JSON by the names of OpenTelemetry, as `POST /api/v1/requests` takes them; what is unknown
 * is left out. By hand, because it is most of what a request costs: what differs between requests comes first, and the
 * rest is written once for requests in a row that share it, which also makes it quick to compress.
 */
export function createLineWriter(): (request: EdgeRequest) => string {
  let ms = -1;
  let time = '';
  let target: Target | null = null;
  let head: Head | null = null;
  let [asked, said] = ['', ''];

  return (request) => {
    const now = Math.floor(request.time);
    if (now !== ms) {
      ms = now;
      time = `{"time":${now},"id":"`;
    }
    if (request.target !== target) {
      target = request.target;
      asked = targetText(target);
    }
    if (request.head !== head) {
      head = request.head;
      said = headText(head);
    }
    const address = request.clientAddress === '' ? '' : `,"client.address":"${request.clientAddress}"`;
    const status = request.status < 100 ? '' : `,"http.response.status_code":${request.status}`;
    const route = request.route === '' ? '' : `,"http.route":${quote(request.route.slice(0, 2048))}`;
    return (
      `${time}${request.id}","http.server.request.duration":${Math.round(request.duration * 1000)}e-6,` +
      `"http.request.body.size":${request.bytesIn},"http.response.body.size":${request.bytesOut}${status}${address}` +
      `,"http.request.method":${quote(request.method)},"network.protocol.version":"${request.version}"${route}${asked}${said}}\n`
    );
  };
}

function targetText({ path, query }: Target): string {
  return query === '' ? `,"url.path":${quote(path)}` : `,"url.path":${quote(path)},"url.query":${quote(query)}`;
}

function headText({ host, userAgent, referrer, consent, headers }: Head): string {
  let text = `,"user_agent.original":${quote(userAgent)}`;
  if (host !== '') text += `,"server.address":${quote(host)}`;
  if (referrer !== '') text += `,"http.request.header.referer":${quote(referrer)}`;
  const { choice, visitorId } = consent;
  if (choice !== 'unknown') text += `,"vedette.consent":"${choice}"`;
  if (visitorId !== '') text += `,"http.request.header.vedette-visitor-id":"${visitorId}"`;
  for (let i = 0; i < headers.length; i += 2) {
    text += `,"http.request.header.${headers[i] as string}":${quote(headers[i + 1] as string)}`;
  }
  return text;
}

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
