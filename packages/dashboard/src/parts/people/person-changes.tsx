import type { Person, Role } from '@vedette/contract';
import { useChangeRole, useEndSessionsOf, useRemovePerson } from '../../api/people.ts';
import { showToast } from '../../state/toasts.ts';
import { people as words } from '../../text.ts';
import { whyRefused } from '../access/access-failure.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Gives a person another role at once, and offers to take that back. */
export function useRole(): (person: Person, role: Role) => Promise<void> {
  const change = useChangeRole();
  return async (person, role) => {
    const { user_id: id, name } = person;
    try {
      await change.mutateAsync({ id, role });
    } catch (error) {
      return showToast(whyRefused(error), { tone: 'bad' });
    }
    const undo = async () => {
      await change.mutateAsync({ id, role: person.role });
      showToast(words.change.undone(name, words.roles[person.role]));
    };
    showToast(words.change.done(name, words.roles[role]), { undo });
  };
}

interface OwnProps {
  person: Person;
  role: Role;
  onClose: () => void;
}

/** One's own role is asked about first: with the new one it may not be possible to take it back. */
export function ChangeOwnRole({ person, role, onClose }: OwnProps) {
  const change = useChangeRole();
  return (
    <ConfirmDialog
      title={words.change.title(person.name, words.roles[role])}
      action={words.change.action}
      busy={change.isPending}
      error={change.error}
      onConfirm={() =>
        change.mutate(
          { id: person.user_id, role },
          {
            onSuccess: () => {
              showToast(words.change.done(person.name, words.roles[role]));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>
        {words.change.lead} {words.change.own}
      </p>
    </ConfirmDialog>
  );
}

interface PersonProps {
  person: Person;
  /** Whether it is who asks. */
  own: boolean;
  onClose: () => void;
}

export function RemovePerson({ person: { user_id: id, name }, own, onClose }: PersonProps) {
  const remove = useRemovePerson();
  return (
    <ConfirmDialog
      title={words.remove.title(name)}
      action={words.remove.action}
      dangerous
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(id, {
          onSuccess: () => {
            showToast(words.remove.done(name));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{own ? words.remove.own : words.remove.lead}</p>
    </ConfirmDialog>
  );
}

/** Has a person log in again everywhere. */
export function EndSessionsOf({ person: { user_id: id, name }, own, onClose }: PersonProps) {
  const end = useEndSessionsOf();
  return (
    <ConfirmDialog
      title={words.sessions.title(name)}
      action={words.sessions.action}
      busy={end.isPending}
      error={end.error}
      onConfirm={() =>
        end.mutate(id, {
          onSuccess: ({ ended }) => {
            showToast(words.sessions.done(name, ended));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>
        {words.sessions.lead} {own && words.sessions.own}
      </p>
    </ConfirmDialog>
  );
}
