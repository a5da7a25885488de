import type { Me } from '@vedette/contract';
import { pathOf, type Screen, withParameters } from '../model/place.ts';
import { Logo } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import { SearchList } from '../parts/ui/search-list.tsx';
import { goTo } from '../state/location.ts';
import { text, ui } from '../text.ts';

/** More tenants than that are looked for by their names. */
const MOST_LINKS = 24;

/** Shown for an address that names a tenant which this person does not see: never another tenant's figures instead. */
export function UnknownTenant({ slug, screen, me }: { slug: string; screen: Screen | null; me: Me }) {
  const addressOf = (tenant: string) => pathOf(screen ?? 'overview') + withParameters('', { tenant });
  return (
    <main className="lone">
      <title>{text.unknownTenant.title(slug)}</title>
      <Logo />
      <h1>{text.unknownTenant.title(slug)}</h1>
      <p className="muted">{text.unknownTenant.lead}</p>
      <nav aria-label={text.unknownTenant.tenants}>
        {me.tenants.length > MOST_LINKS ? (
          <SearchList
            label={text.header.tenant}
            placeholder={ui.findTenant}
            options={me.tenants.map(({ slug: value, name }) => ({ value, label: name || value, note: name && value }))}
            value=""
            onChoose={(chosen) => goTo(addressOf(chosen))}
          />
        ) : (
          <ul className="tenant-links">
            {me.tenants.map((tenant) => (
              <li key={tenant.id}>
                <Link className="button" to={addressOf(tenant.slug)}>
                  {tenant.name || tenant.slug}
                  {tenant.installation ? ` (${text.header.installation})` : ''}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </nav>
    </main>
  );
}
