import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const maybeTime = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description });
const maybeText = (description: string) => Type.Union([Type.String(), Type.Null()], { description, examples: [null] });

/** A host, or all hosts below one, of a tenant. */
export const Domain = Type.Object(
  {
    pattern: Type.String({
      description: 'www.example.com, or *.example.com for every name below it.',
      examples: ['www.acme.example'],
    }),
    tenant: Type.String({ description: 'Slug of its tenant.', examples: ['acme'] }),
    created: Type.String({ format: 'date-time' }),
    verified: maybeTime('Since when it is known to be theirs; null: a claim, which counts for nobody else.'),
    verified_by: Type.Union([Type.Literal('operator'), Type.Literal('dns'), Type.Literal('file'), Type.Null()], {
      description: 'How that is known.',
    }),
    checked: maybeTime('When its proof was last looked for.'),
    error: maybeText('Why the proof was not found.'),
  },
  { title: 'Domain' },
);
export type Domain = Static<typeof Domain>;

/** The answer of GET /api/v1/domains. */
export const DomainList = Type.Object({ domains: Type.Array(Domain), next: NEXT }, { title: 'DomainList' });
export type DomainList = Static<typeof DomainList>;

/** The body of POST /api/v1/domains. */
export const NewDomain = Type.Object(
  {
    pattern: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'www.example.com or *.example.com',
      examples: ['www.acme.example'],
    }),
    verified: Type.Optional(
      Type.Boolean({
        description: 'Whether it counts without a proof; for operators, whose word it is: true unless told.',
      }),
    ),
  },
  { title: 'NewDomain', additionalProperties: false },
);
export type NewDomain = Static<typeof NewDomain>;

/** The answer of GET /api/v1/domains/{pattern}/ownership: what to publish, and what was found of it. */
export const Ownership = Type.Object(
  {
    state: Type.Union([Type.Literal('verified'), Type.Literal('unverified')]),
    verified_by: Domain.properties.verified_by,
    dns: Type.Union(
      [
        Type.Object({
          name: Type.String({ examples: ['_vedette-challenge.www.acme.example'] }),
          type: Type.Literal('TXT'),
          value: Type.String({ examples: ['vedette-domain-verification=q83vEjRWeJCrze8SNFZ4kA'] }),
        }),
        Type.Null(),
      ],
      { description: 'A record that proves it; null for an address, which has none.' },
    ),
    file: Type.Object(
      {
        url: Type.String({ examples: ['https://www.acme.example/.well-known/vedette-domain-verification'] }),
        content: Type.String({ examples: ['q83vEjRWeJCrze8SNFZ4kA'] }),
      },
      { description: 'A file that proves it, over https or http; redirects to other hosts are not followed.' },
    ),
    checked: Domain.properties.checked,
    error: Domain.properties.error,
  },
  { title: 'Ownership' },
);
export type Ownership = Static<typeof Ownership>;
