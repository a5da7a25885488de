import { text } from '../text.ts';
import { Icon } from './icon.tsx';

interface Props {
  /** '' for all sites. */
  value: string;
  sites: readonly string[];
  onChange: (site: string) => void;
}

/** Chooses one site of the tenant, or all of them. */
export function SiteSelect({ value, sites, onChange }: Props) {
  // An address may name a site that is not among those heard of lately.
  const all = value === '' || sites.includes(value) ? sites : [value, ...sites];
  return (
    <label className="site-select">
      <span>{text.site.label}</span>
      <span className="select">
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{text.site.all}</option>
          {all.map((site) => (
            <option key={site} value={site}>
              {site}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </label>
  );
}
