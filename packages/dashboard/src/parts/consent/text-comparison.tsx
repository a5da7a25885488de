import type { ConsentTextVersion } from '@vedette/contract';
import { compareTexts, TEXT_PARTS } from '../../model/text-parts.ts';
import { consent as words } from '../../text.ts';
import { ScrollSpace } from '../ui/scroll-space.tsx';

/** One text part by part, or two beside each other with what differs marked. */
export function TextComparison({ texts }: { texts: readonly ConsentTextVersion[] }) {
  const [a, b] = texts;
  if (a === undefined) return null;
  const rows =
    b === undefined
      ? TEXT_PARTS.map((part) => ({ part, a: a.text[part], b: '', same: true }))
      : compareTexts(a.text, b.text);
  const name = (text: ConsentTextVersion) => `${text.version} (${text.language})`;
  const title =
    b === undefined
      ? words.texts.shown(name(a))
      : words.texts.compared(name(a), name(b), rows.filter(({ same }) => !same).length);
  return (
    <section className="text-comparison" aria-label={title}>
      <div role="status">
        <h3>{title}</h3>
      </div>
      <ScrollSpace label={title}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.texts.field}</th>
              <th scope="col">{name(a)}</th>
              {b !== undefined && <th scope="col">{name(b)}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.part} className={row.same ? undefined : 'differs'}>
                <th scope="row">
                  {words.texts.fields[row.part]}
                  {!row.same && <span className="badge warn">{words.texts.changed}</span>}
                </th>
                <td lang={a.language}>{row.a}</td>
                {b !== undefined && <td lang={b.language}>{row.b}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollSpace>
    </section>
  );
}
