import { type Static, Type } from 'typebox';

/** The answer of GET /browser/snippet. Public. */
export const BrowserSnippet = Type.Object(
  {
    version: Type.String(),
    url: Type.String({ description: 'Of this build of the script; what is there never changes.' }),
    integrity: Type.String({ description: 'sha384-…, of the script.' }),
    css: Type.Object(
      { url: Type.String(), integrity: Type.String() },
      { description: 'The banner’s styles, which the script loads itself.' },
    ),
    latest_url: Type.String({ description: 'Of the newest build, which changes with the hub; it cannot be pinned.' }),
    html: Type.String({ description: 'The tag to paste.' }),
  },
  {
    title: 'BrowserSnippet',
    examples: [
      {
        version: '0.1.0',
        url: 'https://hub.example/browser/0.1.0-1a2b3c4d/vedette.js',
        integrity: 'sha384-…',
        css: { url: 'https://hub.example/browser/0.1.0-1a2b3c4d/banner.css', integrity: 'sha384-…' },
        latest_url: 'https://hub.example/browser/vedette.js',
        html: '<script defer src="https://hub.example/browser/0.1.0-1a2b3c4d/vedette.js" …></script>',
      },
    ],
  },
);
export type BrowserSnippet = Static<typeof BrowserSnippet>;
