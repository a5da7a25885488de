import type { PrivacyPolicy } from '@vedette/contract';
import type { ErrorWords } from '../../api/client.ts';
import { usePreview } from '../../api/privacy.ts';
import { privacy as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface Props {
  policy: PrivacyPolicy;
  saving: boolean;
  error: ErrorWords | null;
  onSave: () => void;
  onClose: () => void;
}

/** Says once more what would change, and what the policy would then say, before it is saved. */
export function ConfirmPolicy({ policy, saving, error, onSave, onClose }: Props) {
  const preview = usePreview(policy);
  return (
    <Dialog
      title={words.change.confirmTitle}
      busy={saving}
      onSubmit={onSave}
      onClose={onClose}
      closeLabel={words.change.back}
      action={
        <button type="submit" className="button primary" disabled={saving || preview.data === undefined}>
          {words.change.save}
        </button>
      }
    >
      <Answered query={preview}>
        {({ changes, plain }) => (
          <>
            <ul className="plain-words strong" lang="en">
              {changes.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <p className="muted">{words.change.confirmLead}</p>
            <details>
              <summary>{words.change.plain}</summary>
              <ul className="plain-words" lang="en">
                {plain.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </details>
          </>
        )}
      </Answered>
      {error !== null && (
        <p className="form-error" role="alert">
          {error.title} <span lang={error.lang}>{error.detail}</span>
        </p>
      )}
    </Dialog>
  );
}
