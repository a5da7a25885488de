import { Command } from '../parts/command.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Shown until something has arrived: the ways in. */
export function Welcome() {
  const { tenant, openImport } = useView();
  return (
    <div className="welcome">
      <h1>{text.empty.title}</h1>
      <p className="lead">{text.empty.lead}</p>
      <div className="welcome-drop">
        <Icon name="upload" />
        <strong>{text.empty.drop}</strong>
        <span className="muted">{text.empty.or}</span>
        <FileButton className="button primary" onFiles={openImport}>
          {text.empty.choose}
        </FileButton>
      </div>
      <div className="welcome-ways">
        <section className="panel">
          <h2>{text.empty.command}</h2>
          <p className="muted">{text.empty.commandHelp}</p>
          <Command line={text.empty.importCommand(tenant)} />
        </section>
        <section className="panel">
          <h2>{text.empty.curl}</h2>
          <p className="muted">{text.empty.curlHelp}</p>
          <Command line={text.empty.keyCommand(tenant.slug)} />
          <Command line={text.empty.curlCommand(window.location.origin)} />
        </section>
      </div>
    </div>
  );
}
