import type { ConsentRecord } from '@vedette/contract';
import { useRef } from 'react';
import { stamp } from '../../model/times.ts';
import { useCopy } from '../../state/copy.ts';
import { text, consent as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { LongList } from '../ui/long-list.tsx';

/** The choices of one person, the latest first, and the same to copy as it came. */
export function ProofRecords({ id, records }: { id: string; records: readonly ConsentRecord[] }) {
  const raw = useRef<HTMLPreElement>(null);
  const { state, copy } = useCopy(raw);
  return (
    <div className="proof">
      <header className="proof-head">
        <p>
          <strong>{words.proof.found(records.length)}</strong> <code>{id}</code>
        </p>
        <button type="button" className={state === 'copied' ? 'button small copied' : 'button small'} onClick={copy}>
          <Icon name={state === 'copied' ? 'check' : 'copy'} />
          <span aria-live="polite">{state === 'idle' ? words.proof.copy : text[state]}</span>
        </button>
      </header>
      <LongList
        label={words.proof.found(records.length)}
        className="proof-records"
        rows={records}
        rowKey={({ id: record }) => record}
      >
        {(record) => <Record record={record} />}
      </LongList>
      <pre ref={raw} className="visually-hidden" aria-hidden="true">
        {JSON.stringify({ proof_id: id, records }, null, 2)}
      </pre>
    </div>
  );
}

function Record({ record }: { record: ConsentRecord }) {
  const {
    time,
    change,
    choices,
    asked,
    domain,
    surface,
    gpc,
    language,
    text_version: version,
    visitor_id: visitor,
  } = record;
  const { columns, purposes } = words.proof;
  const facts: readonly (readonly [string, string])[] = [
    [columns.domain, domain],
    [columns.surface, `${words.proof.surfaces[surface]}${gpc ? `, ${words.proof.gpc}` : ''}`],
    [columns.text, `${version} (${language})`],
    ...(visitor === null ? [] : [[columns.visitor, visitor] as const]),
  ];
  const answerOf = (purpose: keyof typeof choices) => {
    if (choices[purpose]) return words.proof.yes(purposes[purpose]);
    return asked.includes(purpose) ? words.proof.no(purposes[purpose]) : words.proof.notAsked(purposes[purpose]);
  };
  return (
    <>
      <div className="proof-when">
        <time dateTime={time}>{stamp(Date.parse(time))}</time>
        <span className={`change-kind ${change}`}>{words.proof.changes[change]}</span>
      </div>
      <p className="proof-choices">
        {(['analytical', 'marketing'] as const).map((purpose) => (
          <span key={purpose} className={choices[purpose] ? 'choice yes' : 'choice no'}>
            <Icon name={choices[purpose] ? 'check' : 'cross'} />
            {answerOf(purpose)}
          </span>
        ))}
      </p>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
