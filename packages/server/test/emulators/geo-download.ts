import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stand-in for download.db-ip.com: serves the files it is given under /free/, everything else is 404. */
export interface GeoDownloadServer {
  baseUrl: string;
  /** Bodies by file name, e.g. `dbip-city-lite-2026-06.mmdb.gz`; a number answers with that status. */
  files: Map<string, Buffer | number>;
  /** File names asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

/** Starts the stand-in on a free loopback port. */
export async function startGeoDownload(): Promise<GeoDownloadServer> {
  const files = new Map<string, Buffer | number>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace(/^\/free\//, '');
    asked.push(name);
    const file = files.get(name) ?? 404;
    if (typeof file === 'number') response.writeHead(file, { 'content-type': 'text/html' }).end('<h1>no</h1>');
    else response.writeHead(200, { 'content-type': 'application/gzip', 'content-length': file.length }).end(file);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/free`,
    files,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
