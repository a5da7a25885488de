import type { Person } from '@vedette/contract';
import { people as words } from '../../text.ts';
import { MenuItem } from '../ui/menu.tsx';
import type { PersonAction } from './person-question.tsx';

interface Props {
  person: Person;
  /** Whether it is who looks. */
  own: boolean;
  /** Whether who looks operates the installation. */
  operator: boolean;
  /** Whether the person cannot be taken out of the tenant. */
  fixed: boolean;
  onAsk: (what: PersonAction) => void;
}

/**
 * What can be done with a person of a tenant, in a menu. An account is the installation's, not the tenant's: what changes
 * one as a whole is for operators, and not for their own.
 */
export function PersonActions({ person, own, operator, fixed, onAsk }: Props) {
  const others = operator && !own;
  return (
    <>
      {operator && (
        <MenuItem icon="out" onSelect={() => onAsk('end-sessions')}>
          {words.sessions.open}
        </MenuItem>
      )}
      {others && person.two_factor && (
        <MenuItem danger onSelect={() => onAsk('reset-factors')}>
          {words.factors.open}
        </MenuItem>
      )}
      {others && !person.disabled && (
        <MenuItem danger onSelect={() => onAsk('disable')}>
          {words.disable.open}
        </MenuItem>
      )}
      {others && person.disabled && <MenuItem onSelect={() => onAsk('enable')}>{words.enable.open}</MenuItem>}
      {!fixed && (
        <MenuItem danger onSelect={() => onAsk('remove')}>
          {words.remove.open}
        </MenuItem>
      )}
    </>
  );
}
