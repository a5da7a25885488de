import type { IntegrationKind } from '@vedette/contract';
import { useState } from 'react';
import { describeError } from '../../api/client.ts';
import { useRemoveIntegration } from '../../api/integrations.ts';
import { text } from '../../text.ts';
import { integrations as words } from '../../texts/integrations.ts';
import { Modal } from '../modal.tsx';

/** Takes an integration away with all that belongs to it, once that was said and confirmed. */
export function RemoveIntegration({ kind, onRemoved }: { kind: IntegrationKind; onRemoved: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveIntegration(kind);
  const failure = remove.error === null ? null : describeError(remove.error);
  return (
    <>
      <div className="button-row end">
        <button type="button" className="button small danger" onClick={() => setAsking(true)}>
          {words.remove.open}
        </button>
      </div>
      {asking && (
        <Modal
          title={words.remove.title(words.names[kind])}
          busy={remove.isPending}
          closeLabel={text.cancel}
          onSubmit={() =>
            remove.mutate(undefined, {
              onSuccess: () => {
                setAsking(false);
                onRemoved();
              },
            })
          }
          onClose={() => {
            remove.reset();
            setAsking(false);
          }}
          action={
            <button type="submit" className="button danger solid" disabled={remove.isPending}>
              {words.remove.action}
            </button>
          }
        >
          <p>{words.remove.lead}</p>
          {failure !== null && (
            <p className="form-error" role="alert">
              {failure.title} {failure.detail}
            </p>
          )}
        </Modal>
      )}
    </>
  );
}
