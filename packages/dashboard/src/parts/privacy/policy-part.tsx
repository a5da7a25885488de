import type { PrivacyAnswer, PrivacyPolicy } from '@vedette/contract';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { describeError } from '../../api/client.ts';
import { useSavePolicy } from '../../api/privacy.ts';
import { isChanged, type PolicyDraft, samePolicy, toDraft, toPolicy, wrongFields } from '../../model/policy.ts';
import { showToast } from '../../state/toasts.ts';
import { privacy as words } from '../../text.ts';
import { NotAllowed } from '../answered.tsx';
import { BannerFields } from './banner-fields.tsx';
import { ChangePanel } from './change-panel.tsx';
import { ConfirmPolicy } from './confirm-policy.tsx';
import { KeepingFields } from './keeping-fields.tsx';
import { RetentionFields } from './retention-fields.tsx';

/** What the fields of the editor are given. */
export interface DraftProps {
  draft: PolicyDraft;
  wrong: ReturnType<typeof wrongFields>;
  onChange: (part: Partial<PolicyDraft>) => void;
}

interface Props {
  answer: PrivacyAnswer;
  admin: boolean;
  /** Kept above, so that looking at another part loses nothing. */
  draft: PolicyDraft | null;
  onDraft: (draft: PolicyDraft | null) => void;
}

/** The editor of the policy: what would change is told before it is saved, and can be undone after. */
export function PolicyPart({ answer, admin, draft: kept, onDraft }: Props) {
  const { policy } = answer;
  const draft = kept ?? toDraft(policy);
  const wrong = wrongFields(draft);
  const made = toPolicy(draft);
  const changed = isChanged(policy, draft);
  const [confirming, setConfirming] = useState(false);
  const [before, setBefore] = useState<PrivacyPolicy | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const save = useSavePolicy();
  const undo = useSavePolicy();
  useLeaveWarning(changed);
  const review = (event: FormEvent) => {
    event.preventDefault();
    if (made !== null) return setConfirming(changed && !samePolicy(policy, made));
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  const store = () => {
    if (made === null) return;
    const earlier = policy;
    save.mutate(made, {
      onSuccess: () => {
        setBefore(earlier);
        undo.reset();
        onDraft(null);
        setConfirming(false);
      },
    });
  };
  const discard = () => {
    onDraft(null);
    showToast(words.change.discarded, { undo: () => onDraft(draft) });
  };
  return (
    <>
      <form ref={form} className="policy" onSubmit={review} noValidate>
        <div className="policy-main">
          {!admin && <NotAllowed why={words.readOnly} />}
          <SavedNote
            saved={before !== null && !changed}
            undone={undo.isSuccess}
            error={undo.error}
            onUndo={() => before !== null && undo.mutate(before, { onSuccess: () => setBefore(null) })}
          />
          <fieldset className="policy-fields" disabled={!admin}>
            <RetentionFields draft={draft} wrong={wrong} onChange={(part) => onDraft({ ...draft, ...part })} />
            <KeepingFields draft={draft} wrong={wrong} onChange={(part) => onDraft({ ...draft, ...part })} />
            <BannerFields draft={draft} wrong={wrong} onChange={(part) => onDraft({ ...draft, ...part })} />
          </fieldset>
        </div>
        {admin && <ChangePanel policy={made} changed={changed} wrong={wrong.size} onDiscard={discard} />}
      </form>
      {confirming && made !== null && (
        <ConfirmPolicy
          policy={made}
          saving={save.isPending}
          error={save.error === null ? null : describeError(save.error)}
          onSave={store}
          onClose={() => {
            save.reset();
            setConfirming(false);
          }}
        />
      )}
    </>
  );
}

interface SavedProps {
  saved: boolean;
  undone: boolean;
  error: Error | null;
  onUndo: () => void;
}

/** Says that it was saved, for screen readers too, and takes it back at the press of a button. */
function SavedNote({ saved, undone, error, onUndo }: SavedProps) {
  return (
    <div className="saved-note" role="status">
      {saved && (
        <p className="good-note">
          <span>{words.change.saved}</span>
          <button type="button" className="button small" onClick={onUndo}>
            {words.change.undo}
          </button>
        </p>
      )}
      {undone && !saved && <p className="good-note">{words.change.undone}</p>}
      {error !== null && <p className="form-error">{describeError(error).title}</p>}
    </div>
  );
}

/** Has the browser ask before the page is left with changes that are not saved. */
function useLeaveWarning(changed: boolean): void {
  useEffect(() => {
    if (!changed) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [changed]);
}
