import type { Person, Role } from '@vedette/contract';
import { useState } from 'react';
import { usePeople } from '../../api/people.ts';
import { mayMakeOwners, ROLES } from '../../model/role.ts';
import { useNow } from '../../state/clock.ts';
import { useView } from '../../state/view-context.ts';
import { people as words } from '../../text.ts';
import { Ago, At } from '../fact.tsx';
import { Panel } from '../panel.tsx';
import { Badge } from '../ui/badge.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/select.tsx';
import { PersonActions } from './person-actions.tsx';
import { useRole } from './person-changes.tsx';
import { type Asked, PersonQuestion } from './person-question.tsx';

/** The members of the tenant with their roles, which can be changed in place. */
export function PeopleTable() {
  const { me, tenant, may } = useView();
  const query = usePeople();
  const now = useNow(true, 60_000);
  const [asking, setAsking] = useState<Asked | null>(null);
  const setRole = useRole();
  const people = query.data?.pages.flatMap((page) => page.people);
  const owners = people?.filter(({ role }) => role === 'owner').length ?? 0;
  const lastOwner = owners === 1 && !query.hasNextPage;
  const own = tenant.role;
  const change = (person: Person, role: Role) => {
    if (person.user_id === me.user?.id) setAsking({ what: 'own-role', person, role });
    else void setRole(person, role);
  };
  const isFixed = ({ role }: Person) => role === 'owner' && (lastOwner || !mayMakeOwners(own));
  const columns = [...whoColumns({ me: me.user?.id, own, isFixed, change }), ...factColumns(now)];
  return (
    <Panel title={words.members}>
      <DataTable
        label={words.members}
        columns={columns}
        rows={people}
        rowKey={({ user_id: id }) => id}
        rowName={({ name }) => name}
        actions={(person) =>
          isFixed(person) && !may('operate') ? null : (
            <PersonActions
              person={person}
              own={person.user_id === me.user?.id}
              operator={may('operate')}
              fixed={isFixed(person)}
              onAsk={(what) => setAsking({ what, person })}
            />
          )
        }
        empty={<EmptyState title={words.empty}>{words.emptyLead}</EmptyState>}
        error={query.error}
        onRetry={() => void query.refetch()}
        more={query.hasNextPage ? { busy: query.isFetchingNextPage, onMore: () => void query.fetchNextPage() } : null}
      />
      {lastOwner && <p className="panel-note muted">{words.change.last}</p>}
      {!mayMakeOwners(own) && <p className="panel-note muted">{words.change.ownersOnly}</p>}
      {asking !== null && (
        <PersonQuestion asked={asking} own={asking.person.user_id === me.user?.id} onClose={() => setAsking(null)} />
      )}
    </Panel>
  );
}

function Who({ person: { name, email, disabled }, own }: { person: Person; own: boolean }) {
  return (
    <span className="who">
      <span>
        {name}
        {own && <Badge>{words.you}</Badge>}
        {disabled && <Badge tone="bad">{words.disabled}</Badge>}
      </span>
      <small className="muted">{email}</small>
    </span>
  );
}

interface WhoOptions {
  /** Id of who is logged in. */
  me: string | undefined;
  /** Their role. */
  own: Role | null;
  isFixed: (person: Person) => boolean;
  change: (person: Person, role: Role) => void;
}

/** Who it is, and the role, to be changed in place. */
function whoColumns({ me, own, isFixed, change }: WhoOptions): DataColumn<Person>[] {
  return [
    {
      id: 'person',
      title: words.columns.person,
      wide: true,
      sort: ({ name }) => name,
      show: (person) => <Who person={person} own={person.user_id === me} />,
    },
    {
      id: 'role',
      title: words.columns.role,
      sort: ({ role }) => ROLES.indexOf(role),
      show: (person) => (
        <Select
          aria-label={words.change.label(person.name)}
          value={person.role}
          disabled={isFixed(person)}
          options={ROLES.map((role) => ({
            value: role,
            label: words.roles[role],
            disabled: role === 'owner' && !mayMakeOwners(own),
          }))}
          onChange={(role) => change(person, role)}
        />
      ),
    },
  ];
}

function factColumns(now: number): DataColumn<Person>[] {
  return [
    {
      id: 'two-factor',
      title: words.columns.twoFactor,
      sort: ({ two_factor: on }) => Number(on),
      show: ({ two_factor: on }) => <Badge tone={on ? 'good' : 'plain'}>{on ? words.on : words.off}</Badge>,
    },
    {
      id: 'last-log-in',
      title: words.columns.lastLogIn,
      sort: ({ last_log_in: time }) => (time === null ? null : Date.parse(time)),
      show: ({ last_log_in: time }) => <Ago time={time} now={now} none={words.never} />,
    },
    {
      id: 'joined',
      title: words.columns.joined,
      sort: ({ joined }) => Date.parse(joined),
      show: ({ joined }) => <At time={joined} />,
    },
  ];
}
