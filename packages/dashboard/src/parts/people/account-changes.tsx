import type { Person } from '@vedette/contract';
import { useDisableAccount, useEnableAccount, useResetFactors } from '../../api/people.ts';
import { showToast } from '../../state/toasts.ts';
import { people as words } from '../../text.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface Props {
  person: Person;
  onClose: () => void;
}

interface QuestionProps extends Props {
  change: ReturnType<typeof useDisableAccount>;
  texts: typeof words.disable | typeof words.enable | typeof words.factors;
  dangerous?: boolean;
}

/** An account is one in all tenants: that is said, because the screen shows one of them. */
function AccountQuestion({ person: { user_id: id, name }, change, texts, dangerous = false, onClose }: QuestionProps) {
  return (
    <ConfirmDialog
      title={texts.title(name)}
      action={texts.action}
      dangerous={dangerous}
      busy={change.isPending}
      error={change.error}
      onConfirm={() =>
        change.mutate(id, {
          onSuccess: () => {
            showToast(texts.done(name));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{texts.lead}</p>
    </ConfirmDialog>
  );
}

export function DisableAccount(props: Props) {
  return <AccountQuestion {...props} change={useDisableAccount()} texts={words.disable} dangerous />;
}

export function EnableAccount(props: Props) {
  return <AccountQuestion {...props} change={useEnableAccount()} texts={words.enable} />;
}

/** For somebody who has lost what they show at the log-in. */
export function ResetFactors(props: Props) {
  return <AccountQuestion {...props} change={useResetFactors()} texts={words.factors} dangerous />;
}
