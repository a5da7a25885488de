import type { IntegrationKind } from '@vedette/contract';
import { useState } from 'react';
import { useRemoveIntegration } from '../../api/integrations.ts';
import { integrations as words } from '../../text.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Takes an integration away with all that belongs to it, once that was said and confirmed. */
export function RemoveIntegration({ kind, onRemoved }: { kind: IntegrationKind; onRemoved: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveIntegration(kind);
  const close = () => {
    remove.reset();
    setAsking(false);
  };
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        onRemoved();
      },
    });
  return (
    <>
      <div className="button-row end">
        <button type="button" className="button small danger" onClick={() => setAsking(true)}>
          {words.remove.open}
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          title={words.remove.title(words.names[kind])}
          action={words.remove.action}
          dangerous
          busy={remove.isPending}
          error={remove.error}
          onConfirm={confirm}
          onClose={close}
        >
          <p>{words.remove.lead}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
