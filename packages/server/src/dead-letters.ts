import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is to go of dead letters. */
export interface LetterCut {
  /** Whether bytes hold anything of it: a body's, or those of a whole letter. */
  holds(bytes: Buffer): boolean;
  /** The body without it, and what the letter says of it then; null where it has to go as a whole. */
  cut(
    bytes: Buffer,
    meta: Readonly<Record<string, unknown>>,
  ): { bytes: Buffer; dropped: number; meta?: Record<string, unknown> } | null;
}

/** Takes rows out of the dead letters of a spool; what is damaged and holds them goes as a whole. Answers with the rows. */
export async function cleanDeadLetters(dir: string, { holds, cut }: LetterCut): Promise<number> {
  let rows = 0;
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    const text = await readFile(path);
    const letter = name.endsWith('.json') ? parse(text.toString('utf8')) : null;
    const bytes = letter === null ? text : Buffer.from(letter.body, 'base64');
    if (!holds(bytes) && !holds(text)) continue;
    const rest = letter === null ? null : cut(bytes, letter.meta ?? {});
    if (letter === null || rest === null) {
      await rm(path, { force: true });
      rows += 1;
      continue;
    }
    rows += rest.dropped;
    const draft = `${path}.part`;
    await writeFile(
      draft,
      JSON.stringify({
        ...letter,
        ...(rest.meta === undefined ? {} : { meta: rest.meta }),
        body: rest.bytes.toString('base64'),
      }),
      {
        mode: 0o600,
        flush: true,
      },
    );
    await rename(draft, path);
  }
  return rows;
}

interface Letter {
  body: string;
  meta?: Record<string, unknown>;
  [more: string]: unknown;
}

function parse(text: string): Letter | null {
  try {
    const letter = JSON.parse(text) as Partial<Letter> | null;
    return typeof letter?.body === 'string' ? (letter as Letter) : null;
  } catch {
    return null;
  }
}
