import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const time = (description = '') => Type.String({ format: 'date-time', description });
const domain = () =>
  Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'Host of the site the person is on.',
    examples: ['www.acme.example'],
  });

/** 32 hexadecimal digits, 128 random bits. */
const randomId = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{32}$', description, examples: ['9f86d081884c7d659a2feaa0c55ad015'] });

/** Name of the first-party cookie that holds a choice; see docs/consent.md. */
export const CONSENT_COOKIE = 'vedette_consent';

/** What a person may say yes or no to. */
export const ConsentChoices = Type.Object(
  {
    analytical: Type.Boolean({ description: 'Recognising the person between visits, for figures.' }),
    marketing: Type.Boolean({ description: 'Other companies’ tags and advertising.' }),
  },
  { title: 'ConsentChoices' },
);
export type ConsentChoices = Static<typeof ConsentChoices>;

/** One of them, as a policy names what it asks for. */
export const ConsentPurpose = Type.Union([Type.Literal('analytical'), Type.Literal('marketing')]);

/** Where in a page a choice was made. */
export const ConsentSurface = Type.Union([Type.Literal('banner'), Type.Literal('settings'), Type.Literal('api')], {
  title: 'ConsentSurface',
  description: 'banner: the first question. settings: opened again. api: the site’s own.',
});
export type ConsentSurface = Static<typeof ConsentSurface>;

/** The body of POST /api/v1/consent, which a browser sends when a person has chosen. */
export const NewConsent = Type.Object(
  {
    domain: domain(),
    proof_id: randomId('Stands for the person in the evidence; random, kept in the consent cookie.'),
    visitor_id: Type.Optional(randomId('Random; sent only where analytical is granted.')),
    choices: ConsentChoices,
    text_version: Type.String({
      pattern: '^[0-9a-f]{16}$',
      description: 'Of the text that was shown.',
      examples: ['0123456789abcdef'],
    }),
    language: Type.String({
      maxLength: 35,
      pattern: '^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$',
      description: 'BCP 47, of the text that was shown.',
      examples: ['en'],
    }),
    asked: Type.Optional(
      Type.Array(ConsentPurpose, {
        maxItems: 2,
        description: 'What was asked for; by default what the site asks for now. Nothing else is granted.',
      }),
    ),
    surface: ConsentSurface,
    gpc: Type.Boolean({ description: 'Whether the browser sends Sec-GPC: 1.' }),
  },
  { title: 'NewConsent' },
);
export type NewConsent = Static<typeof NewConsent>;

/** One choice as evidence. There is no address in it. */
export const ConsentRecord = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    time: time('When the hub heard of it.'),
    domain: Type.String({ examples: ['www.acme.example'] }),
    proof_id: randomId('Stands for the person.'),
    visitor_id: Type.Union([Type.String(), Type.Null()], { examples: [null] }),
    choices: ConsentChoices,
    asked: Type.Array(ConsentPurpose, {
      description: 'What the site asked for. What was not asked for is not granted.',
    }),
    change: Type.Union(
      [Type.Literal('first'), Type.Literal('changed'), Type.Literal('withdrawn'), Type.Literal('same')],
      {
        description: 'Beside the choice before. withdrawn: something granted no longer is.',
      },
    ),
    text_version: Type.String({ examples: ['0123456789abcdef'] }),
    language: Type.String({ examples: ['en'] }),
    surface: ConsentSurface,
    gpc: Type.Boolean({ examples: [false] }),
  },
  { title: 'ConsentRecord' },
);
export type ConsentRecord = Static<typeof ConsentRecord>;

/** The words of the banner. */
export const ConsentText = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    body: Type.String({ minLength: 1, maxLength: 2000 }),
    accept: Type.String({ minLength: 1, maxLength: 60 }),
    refuse: Type.String({ minLength: 1, maxLength: 60 }),
    choose: Type.String({ minLength: 1, maxLength: 60 }),
    save: Type.String({ minLength: 1, maxLength: 60 }),
    analytical: Type.String({ minLength: 1, maxLength: 120 }),
    analytical_detail: Type.String({ maxLength: 1000 }),
    marketing: Type.String({ minLength: 1, maxLength: 120 }),
    marketing_detail: Type.String({ maxLength: 1000 }),
    reopen: Type.String({ minLength: 1, maxLength: 60 }),
    gpc: Type.String({ maxLength: 500, description: 'Shown where the browser asks not to be tracked.' }),
    policy: Type.String({ maxLength: 60, description: 'Words of the link to the privacy policy.' }),
  },
  {
    title: 'ConsentText',
    additionalProperties: false,
    examples: [
      {
        title: 'Your choice',
        body: 'May we count your visit?',
        accept: 'Accept',
        refuse: 'Refuse',
        choose: 'Choose',
        save: 'Save',
        analytical: 'Figures',
        analytical_detail: 'How the site is used.',
        marketing: 'Advertising',
        marketing_detail: 'Other companies’ tags.',
        reopen: 'Privacy settings',
        gpc: 'Your browser asks not to be tracked.',
        policy: 'Privacy policy',
      },
    ],
  },
);
export type ConsentText = Static<typeof ConsentText>;

/** A text that was or is shown. Its version is made of its words: other words, another version. */
export const ConsentTextVersion = Type.Object(
  {
    version: Type.String({ examples: ['0123456789abcdef'] }),
    language: Type.String({ examples: ['en'] }),
    text: ConsentText,
    first_shown: time(),
    choices: Type.Integer({ description: 'Choices made under it.' }),
    current: Type.Boolean(),
  },
  { title: 'ConsentTextVersion' },
);
export type ConsentTextVersion = Static<typeof ConsentTextVersion>;

/** The answer of GET /api/v1/site, which the browser script asks: what holds on a site, for a language. Public. */
export const Site = Type.Object(
  {
    domain: Type.String({ examples: ['www.acme.example'] }),
    banner: Type.Boolean({ description: 'false: nobody is asked, and so nothing is granted.' }),
    purposes: Type.Array(ConsentPurpose),
    language: Type.String({ examples: ['en'] }),
    text_version: Type.String({ examples: ['0123456789abcdef'] }),
    text: ConsentText,
    policy_url: Type.Union([Type.String(), Type.Null()], { examples: [null] }),
    honour_dnt: Type.Boolean(),
    ask_again_days: Type.Integer({ description: 'How long a choice holds; then the person is asked again.' }),
    tags: Type.Object({
      ga4: Type.Union([Type.Object({ measurement_id: Type.String({ examples: ['G-ABC123DEF4'] }) }), Type.Null()]),
      clarity: Type.Union([Type.Object({ project_id: Type.String() }), Type.Null()], { examples: [null] }),
    }),
  },
  { title: 'Site' },
);
export type Site = Static<typeof Site>;

/** One day of GET /api/v1/consent. Days are UTC. */
export const ConsentDay = Type.Object(
  {
    day: Type.String({ format: 'date' }),
    shown: Type.Integer({ description: 'Times the banner was shown.' }),
    granted: Type.Integer({ description: 'Everything that was asked for.' }),
    partly: Type.Integer(),
    refused: Type.Integer(),
    withdrawn: Type.Integer(),
    gpc: Type.Integer({ description: 'Of the choices, those of browsers with Global Privacy Control.' }),
  },
  { title: 'ConsentDay' },
);
export type ConsentDay = Static<typeof ConsentDay>;

/** The answer of GET /api/v1/consent. */
export const ConsentAnswer = Type.Object(
  {
    window: Type.Object({ from: time(), to: time() }),
    days: Type.Array(ConsentDay),
    people: Type.Object(
      { granted: Type.Integer(), partly: Type.Integer(), refused: Type.Integer() },
      { description: 'By the latest choice under each proof id in the window.' },
    ),
  },
  { title: 'Consent' },
);
export type ConsentAnswer = Static<typeof ConsentAnswer>;

/** The answer of GET /api/v1/consent/proofs/{proof_id}, the latest choice first. */
export const ConsentProof = Type.Object(
  { proof_id: randomId('Stands for the person.'), records: Type.Array(ConsentRecord), next: NEXT },
  { title: 'ConsentProof' },
);
export type ConsentProof = Static<typeof ConsentProof>;

/** The answer of GET /api/v1/consent/texts. */
export const ConsentTexts = Type.Object(
  { texts: Type.Array(ConsentTextVersion), next: NEXT },
  { title: 'ConsentTexts' },
);
export type ConsentTexts = Static<typeof ConsentTexts>;
