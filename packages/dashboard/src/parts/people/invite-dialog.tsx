import type { Role, SentInvitation } from '@vedette/contract';
import { useState } from 'react';
import { useInvite } from '../../api/people.ts';
import { isEmail } from '../../model/email.ts';
import { mayMakeOwners, ROLES } from '../../model/role.ts';
import { useView } from '../../state/view-context.ts';
import { people as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { ChoiceField } from '../ui/choice-field.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Props {
  /** Whether the hub sends e-mail. */
  mail: boolean;
  onInvited: (invitation: SentInvitation) => void;
  onClose: () => void;
}

/** Invites somebody by e-mail address, with a role. */
export function InviteDialog({ mail, onInvited, onClose }: Props) {
  const { tenant } = useView();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [tried, setTried] = useState(false);
  const invite = useInvite();
  const submit = () => {
    setTried(true);
    if (isEmail(email)) invite.mutate({ email: email.trim(), role }, { onSuccess: onInvited });
  };
  return (
    <FormDialog
      title={words.invite.title}
      action={mail ? words.invite.action : words.invite.actionLink}
      busy={invite.isPending}
      error={invite.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.invite.email}
        type="email"
        value={email}
        maxLength={254}
        help={mail ? words.invite.help : words.invite.helpLink}
        wrong={tried && !isEmail(email) ? words.invite.wrong : undefined}
        onChange={setEmail}
      />
      <ChoiceField
        legend={words.invite.role}
        value={role}
        options={[...ROLES]
          .reverse()
          .filter((option) => option !== 'owner' || mayMakeOwners(tenant.role))
          .map((value) => ({ value, label: words.roles[value], help: words.roleHelp[value] }))}
        onChange={setRole}
      />
    </FormDialog>
  );
}
