import type { TenantDetail } from '@vedette/contract';
import { useDeleteTenant, useRenameTenant, useSuspend } from '../../api/tenants.ts';
import { showToast } from '../../state/toasts.ts';
import { tenants as words } from '../../text.ts';
import { NameDialog } from '../name-dialog.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

interface Props {
  tenant: TenantDetail;
  onClose: () => void;
}

export function RenameTenant({ tenant: { id, name }, onClose }: Props) {
  const rename = useRenameTenant();
  const undo = async () => {
    await rename.mutateAsync({ id, name });
    showToast(words.rename.undone(name));
  };
  return (
    <NameDialog
      title={words.rename.title(name)}
      label={words.create.name}
      name={name}
      wrong={words.create.nameWrong}
      action={words.rename.action}
      busy={rename.isPending}
      error={rename.error}
      onName={(next) =>
        rename.mutate(
          { id, name: next },
          {
            onSuccess: () => {
              showToast(words.rename.done(next), { undo });
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

export function SuspendTenant({ tenant: { id, name }, onClose }: Props) {
  const suspend = useSuspend();
  return (
    <ConfirmDialog
      title={words.suspend.title(name)}
      action={words.suspend.action}
      dangerous
      busy={suspend.isPending}
      error={suspend.error}
      onConfirm={() =>
        suspend.mutate(
          { id, suspend: true },
          {
            onSuccess: () => {
              showToast(words.suspend.done(name));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{words.suspend.lead}</p>
    </ConfirmDialog>
  );
}

/** Deletes a tenant with everything of it, once its short name was typed. */
export function DeleteTenant({ tenant: { id, slug, name }, onClose }: Props) {
  const remove = useDeleteTenant();
  return (
    <ConfirmDialog
      title={words.remove.title(name)}
      action={words.remove.action}
      dangerous
      word={slug}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ id, confirm: slug }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{words.remove.lead}</p>
      <p className="muted">{words.remove.proof}</p>
    </ConfirmDialog>
  );
}
