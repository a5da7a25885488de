import { text } from '../text.ts';
import { TabbedLists } from './tabbed-lists.tsx';

/** The top lists, alike ones behind one another. */
const GROUPS: readonly { group: keyof typeof text.lists.groups; fields: readonly string[] }[] = [
  { group: 'content', fields: ['path', 'domain'] },
  { group: 'sources', fields: ['network', 'network_kind', 'asn'] },
  { group: 'answers', fields: ['status', 'method'] },
  { group: 'origins', fields: ['referrer'] },
  { group: 'clients', fields: ['browser', 'os', 'device'] },
  { group: 'automation', fields: ['bot_name', 'bot_kind'] },
];

export function TopLists() {
  return (
    <div className="lists">
      {GROUPS.map(({ group, fields }) => (
        <TabbedLists key={group} group={group} fields={fields} />
      ))}
    </div>
  );
}
