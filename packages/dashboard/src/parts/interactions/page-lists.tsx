import type { InteractionRow } from '@vedette/contract';
import { useState } from 'react';
import { useInteractions } from '../../api/interactions.ts';
import { full } from '../../model/format.ts';
import { interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { BarList, type BarRow } from '../bar-list.tsx';
import { Tabs } from '../ui/tabs.tsx';

const LISTS = ['path', 'outbound', 'custom', 'error'] as const;
type List = (typeof LISTS)[number];
const LENGTH = 12;

/** Which pages were viewed, which links left the site, which events and errors there were. */
export function PageLists() {
  const [list, setList] = useState<List>('path');
  return (
    <section className="panel list-panel" aria-label={words.lists.label}>
      <Tabs
        label={words.lists.label}
        tabs={LISTS.map((value) => ({ value, label: words.lists[value] }))}
        value={list}
        onChange={setList}
      >
        <p className="panel-note muted">{words.lists.of[list]}</p>
        <ListOf key={list} list={list} />
      </Tabs>
    </section>
  );
}

function ListOf({ list }: { list: List }) {
  const byPath = list === 'path' || list === 'error';
  const query = useInteractions(byPath ? 'path' : 'name', list === 'path' ? 'page_view' : list, LENGTH);
  return (
    <Answered query={query}>
      {({ rows }) => (
        <BarList
          title={words.lists[list]}
          unit={words.lists.unit[list]}
          rows={rows.flatMap((row) => rowFor(row, byPath) ?? [])}
        />
      )}
    </Answered>
  );
}

/** Of paths only what people who granted did is known; the others of the row's count have none. */
function rowFor({ key, count, consented, visitors }: InteractionRow, byPath: boolean): BarRow | null {
  if (byPath && key === '') return null;
  const value = byPath ? consented : count;
  if (value === 0) return null;
  return {
    key,
    label: key === '' ? words.lists.unnamed : key,
    value,
    ...(visitors !== null && visitors > 0 && { note: words.lists.people(full(visitors)) }),
  };
}
