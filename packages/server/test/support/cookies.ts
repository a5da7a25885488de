import type { Answer } from './world.ts';

/** A cookie that an answer sets, as it is sent back; '' for none. */
export function cookieOf(answer: Answer, name = 'vedette_session'): string {
  const set = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
  return set?.split(';', 1)[0] ?? '';
}

/** The code of a problem, undefined for another answer. */
export function codeOf(answer: Answer): string | undefined {
  return (answer.json as { type?: string } | undefined)?.type?.split(':').at(-1);
}
