import { useScope, useSites } from '../../api/interactions.ts';
import { WHO } from '../../model/interactions-view.ts';
import { pathOf, withParameters } from '../../model/place.ts';
import { goTo, useSearch } from '../../state/location.ts';
import { interactions as words } from '../../texts/interactions.ts';
import { Segments } from '../segments.tsx';
import { SiteSelect } from '../site-select.tsx';

/** What the figures are narrowed to: a site, and whose they are. */
export function ScopeBar() {
  const search = useSearch();
  const { domain, who } = useScope();
  const change = (part: Record<string, string>) => goTo(pathOf('interactions') + withParameters(search, part));
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
