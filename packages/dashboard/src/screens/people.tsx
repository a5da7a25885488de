import type { SentInvitation } from '@vedette/contract';
import { useState } from 'react';
import { useLogInWays } from '../api/log-in.ts';
import { useInvitations, usePeople } from '../api/people.ts';
import { InvitationsTable } from '../parts/people/invitations-table.tsx';
import { InviteDialog } from '../parts/people/invite-dialog.tsx';
import { PeopleTable } from '../parts/people/people-table.tsx';
import { RoleTable } from '../parts/people/role-table.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Button } from '../parts/ui/button.tsx';
import { showToast } from '../state/toasts.ts';
import { useView } from '../state/view-context.ts';
import { people as words } from '../text.ts';
import '../styles/manage.css';

/** Who may see the tenant: members with roles, open invitations, and what a role may do. */
export default function People() {
  const { tenant } = useView();
  const mail = useLogInWays().data?.mail ?? false;
  const people = usePeople();
  const invitations = useInvitations();
  const [inviting, setInviting] = useState(false);
  const [passing, setPassing] = useState<SentInvitation | null>(null);
  const sent = (invitation: SentInvitation) => {
    setInviting(false);
    if (invitation.link === null) showToast(words.invite.sent(invitation.email));
    else setPassing(invitation);
  };
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)}>
        <Button kind="primary" icon="plus" onClick={() => setInviting(true)}>
          {words.invite.open}
        </Button>
      </ScreenHead>
      <PeopleTable />
      {/* How long a list is shows when it is there; what is below it comes only then, and stays where it is. */}
      {!people.isPending && <InvitationsTable mail={mail} onSent={sent} />}
      {!people.isPending && !invitations.isPending && <RoleTable />}
      {inviting && <InviteDialog mail={mail} onInvited={sent} onClose={() => setInviting(false)} />}
      {passing?.link && (
        <ShownOnce
          title={words.invite.linkTitle(passing.email)}
          lead={words.invite.linkLead}
          secret={passing.link}
          done={words.invite.linkDone}
          onClose={() => setPassing(null)}
        />
      )}
    </>
  );
}
