import type { ConsentTextVersion } from '@vedette/contract';
import { useState } from 'react';
import { useTexts } from '../../api/consent.ts';
import { full } from '../../model/format.ts';
import { momentIn } from '../../model/times.ts';
import { consent as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { LongTable } from '../ui/long-table.tsx';
import { TextComparison } from './text-comparison.tsx';

/** A text is a version in a language: the same words may be said to be of two. */
const keyOf = ({ version, language }: ConsentTextVersion) => `${version} ${language}`;

/** The texts that were shown, of which one can be read and two compared. */
export function TextsPanel() {
  const [picked, setPicked] = useState<readonly string[]>([]);
  const toggle = (key: string) =>
    // A third takes the place of the first that was picked.
    setPicked(picked.includes(key) ? picked.filter((other) => other !== key) : [...picked.slice(-1), key]);
  return (
    <Panel title={words.texts.title} of={words.texts.of}>
      <Answered query={useTexts()}>
        {({ texts }) =>
          texts.length === 0 ? (
            <p className="empty-note">{words.texts.empty}</p>
          ) : (
            <>
              <p className="panel-note muted">{words.texts.hint}</p>
              <TextTable texts={texts} picked={picked} onToggle={toggle} />
              <TextComparison texts={picked.flatMap((key) => texts.find((text) => keyOf(text) === key) ?? [])} />
            </>
          )
        }
      </Answered>
    </Panel>
  );
}

interface TableProps {
  texts: readonly ConsentTextVersion[];
  picked: readonly string[];
  onToggle: (key: string) => void;
}

function TextTable({ texts, picked, onToggle }: TableProps) {
  const { columns } = words.texts;
  return (
    <LongTable
      label={words.texts.title}
      rows={texts}
      rowKey={keyOf}
      head={
        <>
          <th scope="col">{columns.compare}</th>
          <th scope="col">{columns.version}</th>
          <th scope="col">{columns.language}</th>
          <th scope="col">{columns.first}</th>
          <th scope="col" className="number">
            {columns.choices}
          </th>
        </>
      }
    >
      {(text) => (
        <>
          <td>
            <input
              type="checkbox"
              checked={picked.includes(keyOf(text))}
              aria-label={`${words.texts.pick(text.version)} (${text.language})`}
              onChange={() => onToggle(keyOf(text))}
            />
          </td>
          <th scope="row">
            <code>{text.version}</code>
            {text.current && <span className="badge good">{words.texts.current}</span>}
          </th>
          <td>{text.language}</td>
          <td className="no-wrap">{momentIn(Date.parse(text.first_shown))}</td>
          <td className="number">{full(text.choices)}</td>
        </>
      )}
    </LongTable>
  );
}
