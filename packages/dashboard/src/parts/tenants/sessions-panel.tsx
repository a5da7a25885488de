import { useState } from 'react';
import { useEndAllSessions } from '../../api/tenants.ts';
import { showToast } from '../../state/toasts.ts';
import { tenants as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Has everybody log in again, in all tenants. */
export function SessionsPanel() {
  const [asking, setAsking] = useState(false);
  const end = useEndAllSessions();
  return (
    <Panel title={words.sessions.title}>
      <div className="panel-body">
        <div className="setting-row">
          <p className="muted">{words.sessions.lead}</p>
          <Button
            onClick={() => {
              end.reset();
              setAsking(true);
            }}
          >
            {words.sessions.open}
          </Button>
        </div>
      </div>
      {asking && (
        <ConfirmDialog
          title={words.sessions.ask}
          action={words.sessions.action}
          dangerous
          busy={end.isPending}
          error={end.error}
          onConfirm={() =>
            end.mutate(undefined, {
              onSuccess: ({ ended }) => {
                showToast(words.sessions.done(ended));
                setAsking(false);
              },
            })
          }
          onClose={() => setAsking(false)}
        >
          <p>{words.sessions.askLead}</p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
