// A page with the script, over a hub that remembers, to look at the banner: `npm run sample --workspace packages/browser`.
import { startFakeHub, startFakeSite } from './fake-hub.ts';

const hub = await startFakeHub();
const site = await startFakeSite(hub);
site.body =
  '<h1>A site</h1><button data-vedette-widget="buy">Buy</button> <a href="https://example.org">out</a> <button data-vedette-consent></button>';
console.log(site.url);
