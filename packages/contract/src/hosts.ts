import { type Static, Type } from 'typebox';

/** The answer of GET /api/v1/hosts: for edges, which keep it in memory. */
export const HostsAnswer = Type.Object(
  {
    hosts: Type.Record(Type.String(), Type.String({ format: 'uuid' }), {
      description:
        'Id of the tenant by host (www.acme.example), or by all that is below one (*.acme.example). ' +
        'A host of its own comes before a wildcard, a longer wildcard before a shorter.',
    }),
  },
  { title: 'Hosts', examples: [{ hosts: { '*.acme.example': '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21' } }] },
);
export type HostsAnswer = Static<typeof HostsAnswer>;
