import { type Answer, type Call, callUrl, type World } from './world.ts';

/** A browser, as far as the hub sees one: it keeps cookies, and says where its page is. */
export interface Browser {
  call(path: string, call?: Call): Promise<Answer>;
  /** By name; undefined: there is none. */
  cookie(name: string): string | undefined;
  /** Everything the hub told it to keep, as it was told. */
  told: string[];
}

/** `origin`: at which address of the hub its page is open; the one it prints unless told. */
export function openBrowser(world: Pick<World, 'url'>, origin = world.url): Browser {
  const jar = new Map<string, string>();
  const told: string[] = [];
  return {
    told,
    cookie: (name) => jar.get(name),
    async call(path, call = {}) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { origin, ...(cookie === '' ? {} : { cookie }), ...call.headers };
      const answer = await callUrl(`${origin}${path}`, { ...call, headers });
      for (const text of answer.headers.getSetCookie()) {
        told.push(text);
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
        if (/;\s*Max-Age=0\b/i.test(text)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
  };
}
