/** The query part of an address as its parameters: a list for what is there more than once, or empty. */
export type Search = Readonly<Record<string, string | readonly string[] | undefined>>;

export function parseSearch(query: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      const [only = ''] = values;
      // An empty one that stands alone is told from none: `where=` is no filter at all.
      return [name, values.length === 1 && only !== '' ? only : values];
    }),
  );
}

/** The query part, `?…`, or '' when there are no parameters. Reads what it wrote alike. */
export function formatSearch(search: Search): string {
  const parts = Object.entries(search).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const values = typeof value === 'string' ? [value] : value;
    // Within a name it would end the name.
    return values.map((one) => `${encode(name).replaceAll('=', '%3D')}=${encode(one)}`);
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Addresses are read by people: what a query may hold as it is stays. */
export function encode(value: string): string {
  return encodeURIComponent(value)
    .replaceAll('%3D', '=')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%2C', ',');
}
