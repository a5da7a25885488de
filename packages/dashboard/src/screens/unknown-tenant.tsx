import type { Me } from '@vedette/contract';
import { pathOf, type Screen, withParameters } from '../model/place.ts';
import { Logo } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import { text } from '../text.ts';

/** Shown for an address that names a tenant which this person does not see: never another tenant's figures instead. */
export function UnknownTenant({ slug, screen, me }: { slug: string; screen: Screen; me: Me }) {
  return (
    <main className="lone">
      <title>{text.unknownTenant.title(slug)}</title>
      <Logo />
      <h1>{text.unknownTenant.title(slug)}</h1>
      <p className="muted">{text.unknownTenant.lead}</p>
      <nav aria-label={text.unknownTenant.tenants}>
        <ul className="tenant-links">
          {me.tenants.map((tenant) => (
            <li key={tenant.id}>
              <Link className="button" to={pathOf(screen) + withParameters('', { tenant: tenant.slug })}>
                {tenant.name || tenant.slug}
                {tenant.installation ? ` (${text.header.installation})` : ''}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </main>
  );
}
