import type { Person, Role } from '@vedette/contract';
import { DisableAccount, EnableAccount, ResetFactors } from './account-changes.tsx';
import { ChangeOwnRole, EndSessionsOf, RemovePerson } from './person-changes.tsx';

/** What a menu offers to do with a person. */
export type PersonAction = 'end-sessions' | 'reset-factors' | 'disable' | 'enable' | 'remove';

/** What is asked about before it is done. */
export type Asked = { what: PersonAction; person: Person } | { what: 'own-role'; person: Person; role: Role };

interface Props {
  asked: Asked;
  /** Whether it is about who asks. */
  own: boolean;
  onClose: () => void;
}

/** Says what would follow, and does it when it is confirmed. */
export function PersonQuestion({ asked, own, onClose }: Props) {
  const { person } = asked;
  switch (asked.what) {
    case 'own-role':
      return <ChangeOwnRole person={person} role={asked.role} onClose={onClose} />;
    case 'end-sessions':
      return <EndSessionsOf person={person} own={own} onClose={onClose} />;
    case 'reset-factors':
      return <ResetFactors person={person} onClose={onClose} />;
    case 'disable':
      return <DisableAccount person={person} onClose={onClose} />;
    case 'enable':
      return <EnableAccount person={person} onClose={onClose} />;
    case 'remove':
      return <RemovePerson person={person} own={own} onClose={onClose} />;
  }
}
