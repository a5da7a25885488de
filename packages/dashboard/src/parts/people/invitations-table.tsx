import type { Invitation, SentInvitation } from '@vedette/contract';
import { useState } from 'react';
import { useInvitations, useResendInvitation, useWithdrawInvitation } from '../../api/people.ts';
import { showToast } from '../../state/toasts.ts';
import { people as words } from '../../text.ts';
import { whyRefused } from '../access/access-failure.tsx';
import { At } from '../fact.tsx';
import { Panel } from '../panel.tsx';
import { Badge } from '../ui/badge.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { MenuItem } from '../ui/menu.tsx';

interface Props {
  /** Whether the hub sends e-mail. */
  mail: boolean;
  onSent: (invitation: SentInvitation) => void;
}

/** Invitations that nobody has accepted yet. */
export function InvitationsTable({ mail, onSent }: Props) {
  const query = useInvitations();
  const resend = useResendInvitation();
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  const again = (invitation: Invitation) =>
    resend.mutate(invitation.id, {
      onSuccess: onSent,
      onError: (error) => showToast(whyRefused(error), { tone: 'bad' }),
    });
  return (
    <Panel title={words.invitations.title}>
      <DataTable
        label={words.invitations.title}
        columns={columns()}
        rows={query.data?.invitations}
        rowKey={({ id }) => id}
        rowName={({ email }) => email}
        actions={(invitation) => (
          <>
            <MenuItem onSelect={() => again(invitation)}>
              {mail ? words.invitations.resend : words.invitations.newLink}
            </MenuItem>
            <MenuItem danger onSelect={() => setWithdrawing(invitation)}>
              {words.invitations.withdraw}
            </MenuItem>
          </>
        )}
        detail={({ mail: letter }) =>
          letter?.error ? <p className="warning-text">{words.invitations.mailFailed(letter.error)}</p> : null
        }
        empty={<p className="empty-note">{words.invitations.empty}</p>}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
      {withdrawing !== null && <Withdraw invitation={withdrawing} onClose={() => setWithdrawing(null)} />}
    </Panel>
  );
}

function Withdraw({ invitation: { id, email }, onClose }: { invitation: Invitation; onClose: () => void }) {
  const withdraw = useWithdrawInvitation();
  return (
    <ConfirmDialog
      title={words.invitations.withdrawTitle(email)}
      action={words.invitations.withdrawAction}
      dangerous
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() =>
        withdraw.mutate(id, {
          onSuccess: () => {
            showToast(words.invitations.withdrawn(email));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.invitations.withdrawLead}</p>
    </ConfirmDialog>
  );
}

function columns(): DataColumn<Invitation>[] {
  const titles = words.invitations.columns;
  return [
    { id: 'email', title: titles.email, wide: true, show: ({ email }) => email },
    { id: 'role', title: titles.role, show: ({ role }) => words.roles[role] },
    { id: 'by', title: titles.by, show: ({ invited_by: by }) => by ?? words.invitations.operator },
    {
      id: 'expires',
      title: titles.expires,
      show: ({ expires, expired }) =>
        expired ? <Badge tone="warn">{words.invitations.expired}</Badge> : <At time={expires} />,
    },
  ];
}
