import { MAY, ROLES } from '../../model/role.ts';
import { people as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';

/** What each role may do. */
export function RoleTable() {
  return (
    <Panel title={words.may.title}>
      <p className="panel-note muted">{words.may.lead}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by the keyboard */}
      <section className="table-space all" tabIndex={0} aria-label={words.may.title}>
        <table className="table role-table">
          <thead>
            <tr>
              <th scope="col">{words.may.permission}</th>
              {ROLES.map((role) => (
                <th key={role} scope="col">
                  {words.roles[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(MAY).map(([permission, roles]) => (
              <tr key={permission}>
                <th scope="row">{words.may.permissions[permission as keyof typeof MAY]}</th>
                {ROLES.map((role) => (
                  <td key={role}>
                    {roles.includes(role) ? (
                      <>
                        <Icon name="check" />
                        <span className="visually-hidden">{words.may.yes}</span>
                      </>
                    ) : (
                      <span className="visually-hidden">{words.may.no}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
