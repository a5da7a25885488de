import type { ErasureAnswer, PersonQuestion } from '@vedette/contract';
import { useState } from 'react';
import { describeError } from '../../api/client.ts';
import { useExportPerson } from '../../api/privacy.ts';
import { findIds } from '../../model/person-id.ts';
import { download } from '../../state/download.ts';
import { privacy as words } from '../../text.ts';
import { NotAllowed } from '../answered.tsx';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';
import { Segments } from '../segments.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { ErasureList } from './erasure-list.tsx';
import { ErasureResult } from './erasure-result.tsx';

type Kind = keyof PersonQuestion;
const KINDS = (['proof_id', 'visitor_id'] as const).map((value) => ({ value, label: words.person.kinds[value] }));

/** Export and erasure of what is kept of one person. Ids go into no address and no storage of the browser. */
export function PersonPart({ admin }: { admin: boolean }) {
  const [typed, setTyped] = useState('');
  const [kind, setKind] = useState<Kind>('proof_id');
  const [erasing, setErasing] = useState<PersonQuestion | null>(null);
  const [result, setResult] = useState<ErasureAnswer | null>(null);
  if (!admin) return <NotAllowed why={words.adminOnly} />;
  const { who, plain } = readPerson(typed, kind);
  return (
    <>
      <Panel title={words.person.title}>
        <div className="panel-body">
          <p className="muted">{words.person.lead}</p>
          <label className="field">
            {words.person.label}
            <input
              type="text"
              className="mono"
              value={typed}
              aria-invalid={typed.trim() !== '' && who === null}
              aria-describedby="person-note"
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              onChange={(event) => {
                setTyped(event.target.value);
                setResult(null);
              }}
            />
          </label>
          {plain && (
            <div className="which-id">
              <span>{words.person.which}</span>
              <Segments label={words.person.which} options={KINDS} value={kind} onChange={setKind} />
            </div>
          )}
          <p id="person-note" className="person-note" role="status">
            {who === null ? (
              typed.trim() !== '' && <span className="form-error">{words.person.bad}</span>
            ) : (
              <code>{describeWho(who)}</code>
            )}
          </p>
          <PersonActions key={typed} who={who} onErase={() => setErasing(who)} />
        </div>
      </Panel>
      {result !== null && <ErasureResult answer={result} />}
      <ErasureList />
      {erasing !== null && (
        <EraseDialog who={erasing} name={describeWho(erasing)} onErased={setResult} onClose={() => setErasing(null)} />
      )}
    </>
  );
}

/** Who is meant: of a cookie by its proof id, as the evidence leads on to the rest; of one id alone as was chosen. */
function readPerson(typed: string, kind: Kind): { who: PersonQuestion | null; plain: boolean } {
  const { proof, plain } = findIds(typed);
  if (proof !== null) return { who: { proof_id: proof }, plain: false };
  if (plain === null) return { who: null, plain: false };
  return { who: kind === 'proof_id' ? { proof_id: plain } : { visitor_id: plain }, plain: true };
}

function describeWho({ proof_id: proof, visitor_id: visitor }: PersonQuestion): string {
  return proof === undefined
    ? words.person.found(words.person.kinds.visitor_id, visitor ?? '')
    : words.person.found(words.person.kinds.proof_id, proof);
}

function PersonActions({ who, onErase }: { who: PersonQuestion | null; onErase: () => void }) {
  const fetched = useExportPerson();
  const { title, detail, lang } = describeError(fetched.error ?? '');
  return (
    <>
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={who === null || fetched.isPending}
          onClick={() =>
            who !== null && fetched.mutate(who, { onSuccess: (file) => download(file, words.person.fileName) })
          }
        >
          <Icon name="download" />
          {fetched.isPending ? words.person.exporting : words.person.export}
        </button>
        <button type="button" className="button danger" disabled={who === null} onClick={onErase}>
          {words.person.erase}
        </button>
      </div>
      <div role="status">
        {fetched.isSuccess && <p className="good-text">{words.person.exported}</p>}
        {fetched.isError && (
          <p className="form-error">
            {title} <span lang={lang}>{detail}</span>
          </p>
        )}
      </div>
    </>
  );
}
