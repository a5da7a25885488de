import { useView } from '../../state/view-context.ts';
import { text, ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Popover } from '../ui/popover.tsx';
import { SearchList } from '../ui/search-list.tsx';

/** The tenant whose data is shown; where there are several, a button with a list of them that can be searched. */
export function TenantSwitcher() {
  const { me, tenant, setTenant } = useView();
  const name = tenant.name || tenant.slug;
  if (me.tenants.length < 2) return <span className="tenant-name">{name}</span>;
  return (
    <Popover
      className="tenant-button"
      label={text.header.tenant}
      button={
        <>
          <span className="visually-hidden">{`${text.header.tenant}: `}</span>
          <span className="tenant-now">{name}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <SearchList
          label={text.header.tenant}
          placeholder={words.findTenant}
          options={me.tenants.map(({ slug, name: title, installation, suspended }) => ({
            value: slug,
            label: title || slug,
            note: suspended ? words.suspended : installation ? text.header.installation : title === '' ? '' : slug,
          }))}
          value={tenant.slug}
          onChoose={(slug) => {
            close();
            setTenant(slug);
          }}
        />
      )}
    </Popover>
  );
}
