import { useScope, useSites } from '../../api/interactions.ts';
import { WHO } from '../../model/interactions-view.ts';
import { useChange } from '../../state/location.ts';
import { interactions as words } from '../../text.ts';
import { Segments } from '../segments.tsx';
import { SiteSelect } from '../site-select.tsx';

/** What the figures are narrowed to: a site, and whose they are. */
export function ScopeBar() {
  const { domain, who } = useScope();
  const change = useChange('interactions');
  return (
    <section className="scope-bar" aria-label={words.who}>
      <SiteSelect value={domain} sites={useSites().data ?? []} onChange={(site) => change({ domain: site })} />
      <Segments
        label={words.who}
        options={WHO.map((value) => ({ value, label: words.whose[value], title: words.whoseHelp[value] }))}
        value={who}
        onChange={(chosen) => change({ class: chosen === 'people' ? '' : chosen })}
      />
      <p className="scope-note muted">{words.note}</p>
    </section>
  );
}
