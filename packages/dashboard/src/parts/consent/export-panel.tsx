import { useState } from 'react';
import { useExportAddress } from '../../api/consent.ts';
import { useView } from '../../state/view-context.ts';
import { consent as words } from '../../text.ts';
import { NotAllowed } from '../answered.tsx';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';

/** The evidence as a file, which the browser takes as it comes, of whatever size. */
export function ExportPanel({ domain }: { domain: string }) {
  const { may } = useView();
  return (
    <Panel title={words.export.title} className="fit">
      <div className="panel-body">
        <p className="muted">{words.export.lead}</p>
        {may('export') ? <Files domain={domain} /> : <NotAllowed why={words.export.notAllowed} />}
      </div>
    </Panel>
  );
}

function Files({ domain }: { domain: string }) {
  const [all, setAll] = useState(false);
  const addresses = { csv: useExportAddress('csv', domain, all), ndjson: useExportAddress('ndjson', domain, all) };
  return (
    <>
      <label className="check">
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
        <span>{words.export.whole}</span>
      </label>
      <div className="button-row">
        {(['csv', 'ndjson'] as const).map((format) => (
          <a
            key={format}
            className="button"
            href={addresses[format]}
            download
            aria-label={words.export.label(words.export[format])}
          >
            <Icon name="download" />
            {words.export[format]}
          </a>
        ))}
      </div>
    </>
  );
}
