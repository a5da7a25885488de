import { type FormEvent, useState } from 'react';
import { useProof } from '../../api/consent.ts';
import { findProof } from '../../model/person-id.ts';
import { text, consent as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { ProofRecords } from './proof-records.tsx';

/** Searches the evidence of one person. The id goes into no address: whoever shares a link must not share it. */
export function ProofPanel() {
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const query = useProof(asked);
  const search = (event: FormEvent) => {
    event.preventDefault();
    const id = findProof(typed);
    setWrong(id === null);
    if (id === asked) void query.refetch();
    setAsked(id);
  };
  return (
    <Panel title={words.proof.title}>
      <form className="panel-body" onSubmit={search}>
        <p className="muted">{words.proof.lead}</p>
        <div className="search-row">
          <label className="field">
            {words.proof.label}
            <input
              type="text"
              className="mono"
              value={typed}
              placeholder={words.proof.placeholder}
              aria-invalid={wrong}
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          <button type="submit" className="button primary">
            {words.proof.search}
          </button>
        </div>
        {wrong && (
          <p className="form-error" role="alert">
            {words.proof.bad}
          </p>
        )}
      </form>
      <div role="status">
        {asked !== null && (
          <Answered query={query} loading={<p className="panel-note muted">{text.loading}</p>}>
            {({ proof_id: id, records }) =>
              records.length === 0 ? (
                <p className="panel-note">{words.proof.none}</p>
              ) : (
                <ProofRecords id={id} records={records} />
              )
            }
          </Answered>
        )}
      </div>
    </Panel>
  );
}
