import { WAYS, wayLabel } from '../model/ways.ts';
import { Command } from '../parts/command.tsx';
import { DropBox } from '../parts/drop-box.tsx';
import { Link } from '../parts/link.tsx';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Shown until something has arrived: the ways in. */
export function Welcome() {
  const { tenant, mayImport, openImport, linkTo } = useView();
  return (
    <div className="welcome">
      <h1>{text.empty.title}</h1>
      <p className="lead">{text.empty.lead}</p>
      {mayImport && (
        <DropBox title={text.empty.drop} help={text.empty.or} choose={text.empty.choose} onFiles={openImport} />
      )}
      <div className="welcome-ways">
        <section className="panel">
          <h2>{text.empty.connect}</h2>
          <p className="muted">{text.empty.connectHelp}</p>
          <ul className="welcome-links">
            {WAYS.filter((way) => way !== 'file').map((way) => (
              <li key={way}>
                <Link to={linkTo('first-steps', { way })}>{wayLabel(way)}</Link>
              </li>
            ))}
          </ul>
          <Link className="button" to={linkTo('first-steps')}>
            {text.empty.connectAll}
          </Link>
        </section>
        <section className="panel">
          <h2>{text.empty.command}</h2>
          <p className="muted">{text.empty.commandHelp}</p>
          <Command line={text.empty.importCommand(tenant)} />
        </section>
      </div>
    </div>
  );
}
