import type { Session } from '@vedette/contract';
import { useState } from 'react';
import { useEndOtherSessions, useEndSession, useSessions } from '../../api/account.ts';
import { useNow } from '../../state/clock.ts';
import { showToast } from '../../state/toasts.ts';
import { account as words } from '../../text.ts';
import { Ago, At } from '../fact.tsx';
import { Panel } from '../panel.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { MenuItem } from '../ui/menu.tsx';

/** Where the person is logged in; the session of this browser is marked, all others can be ended. */
export function SessionsPanel() {
  const query = useSessions();
  const now = useNow(true);
  const [asking, setAsking] = useState(false);
  const [ending, setEnding] = useState<Session | null>(null);
  const others = query.data?.sessions.filter(({ current }) => !current).length ?? 0;
  return (
    <Panel
      title={words.sessions.title}
      actions={
        others > 0 && (
          <Button small onClick={() => setAsking(true)}>
            {words.sessions.endOthers}
          </Button>
        )
      }
    >
      <p className="panel-note muted">{words.sessions.lead}</p>
      <DataTable
        label={words.sessions.title}
        columns={columnsAt(now)}
        rows={query.data?.sessions}
        rowKey={({ id }) => id}
        rowName={({ agent }) => agent || words.sessions.unknown}
        actions={(session) =>
          session.current ? null : (
            <MenuItem danger icon="out" onSelect={() => setEnding(session)}>
              {words.sessions.end}
            </MenuItem>
          )
        }
        empty={null}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
      {query.data !== undefined && others === 0 && <p className="panel-note muted">{words.sessions.only}</p>}
      {asking && <EndOthers onClose={() => setAsking(false)} />}
      {ending !== null && <EndOne session={ending} onClose={() => setEnding(null)} />}
    </Panel>
  );
}

function EndOne({ session: { id, agent }, onClose }: { session: Session; onClose: () => void }) {
  const end = useEndSession();
  const where = agent || words.sessions.unknown;
  return (
    <ConfirmDialog
      title={words.sessions.endTitle(where)}
      action={words.sessions.endAction}
      busy={end.isPending}
      error={end.error}
      onConfirm={() =>
        end.mutate(id, {
          onSuccess: () => {
            showToast(words.sessions.ended(where));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.sessions.endLead}</p>
    </ConfirmDialog>
  );
}

function EndOthers({ onClose }: { onClose: () => void }) {
  const end = useEndOtherSessions();
  return (
    <ConfirmDialog
      title={words.sessions.endOthersTitle}
      action={words.sessions.endOthersAction}
      busy={end.isPending}
      error={end.error}
      onConfirm={() =>
        end.mutate(undefined, {
          onSuccess: ({ ended }) => {
            showToast(words.sessions.endedOthers(ended));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.sessions.endOthersLead}</p>
    </ConfirmDialog>
  );
}

function columnsAt(now: number): DataColumn<Session>[] {
  const { columns, current, unknown, unknownPlace } = words.sessions;
  const factorNames: Record<string, string> = words.sessions.factors;
  return [
    {
      id: 'where',
      title: columns.where,
      wide: true,
      show: (session) => (
        <span className="who">
          <span>
            {session.agent || unknown}
            {session.current && <Badge tone="good">{current}</Badge>}
          </span>
        </span>
      ),
    },
    { id: 'place', title: columns.place, show: ({ place }) => place || <span className="muted">{unknownPlace}</span> },
    {
      id: 'factors',
      title: columns.factors,
      show: ({ factors }) => factors.map((factor) => factorNames[factor] ?? factor).join(', '),
    },
    { id: 'since', title: columns.since, show: ({ created }) => <At time={created} /> },
    { id: 'used', title: columns.used, show: ({ last_used: used }) => <Ago time={used} now={now} none="" /> },
  ];
}
