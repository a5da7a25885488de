// A hub of made-up traffic to develop the dashboard against: `npm run sample --workspace packages/dashboard` after a build, then open the address.
import { ANNA } from './fake-accounts.ts';
import { startFakeHub } from './fake-hub.ts';
import { mine, sampleTenant } from './fake-tenant.ts';
import { sampleSources } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';

const first = '01900000-0000-7000-8000-000000000001';
const second = '01900000-0000-7000-8000-000000000002';
const hub = await startFakeHub({
  principal: { kind: 'user', scope: null },
  user: ANNA,
  set_up: true,
  tenants: [
    mine({ id: first, slug: 'installation', name: 'This hub', installation: true, second_factor: 'optional' }),
    mine({ id: second, slug: 'bakery', name: 'Bakery', installation: false, second_factor: 'optional' }),
  ],
  version: '0.0.0-dev',
  attributions: [{ name: 'DB-IP', text: 'IP geolocation by DB-IP (CC BY 4.0)', url: 'https://db-ip.com' }],
});
hub.requests.set(first, sampleTraffic(40_000, 40, Date.now()));
hub.sources.set(first, sampleSources(Date.now()));
hub.tenants.set(first, sampleTenant(Date.now()));
console.log(hub.url);
