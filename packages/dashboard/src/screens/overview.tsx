import { useQueryClient } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { useMemo, useState } from 'react';
import { useSpan } from '../api/queries.ts';
import { addChip, type FieldInfo, removeChip } from '../model/chip.ts';
import { autoPreset, binFor, resolveRange } from '../model/range.ts';
import { formatView, isDefault, parseView, type View } from '../model/view.ts';
import { DropTarget } from '../parts/drop-target.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Footer } from '../parts/footer.tsx';
import { Header } from '../parts/header.tsx';
import { ImportDialog } from '../parts/import-dialog.tsx';
import { useNow } from '../state/clock.ts';
import { goTo, useSearch } from '../state/location.ts';
import { useNarrow } from '../state/narrow.ts';
import { ViewContext, type ViewState } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Content } from './content.tsx';
import { Welcome } from './welcome.tsx';

const BARS_ON_A_PHONE = 60;

/** The first screen: what the address says, resolved to a tenant and a window, shared with every part. */
export function Overview({ me, fields }: { me: Me; fields: readonly FieldInfo[] }) {
  const search = useSearch();
  const view = useMemo(() => parseView(search), [search]);
  const [live, setLive] = useState(true);
  const [files, setFiles] = useState<readonly File[] | null>(null);
  const now = useNow(live);
  const narrow = useNarrow();
  const queries = useQueryClient();
  const tenant = me.tenants.find(({ slug }) => slug === view.tenant) ?? me.tenants[0];
  const span = useSpan(tenant);
  const known = span.data?.window ?? null;
  const { from, to } = resolveRange(view.range, now, known);
  const window = useMemo(() => ({ from, to }), [from, to]);

  if (tenant === undefined) return <div className="lone">{text.header.noTenant}</div>;
  const change = (part: Partial<View>) => goTo(formatView({ ...view, ...part }));
  const state: ViewState = {
    me,
    tenant,
    fields,
    chips: view.chips,
    range: view.range,
    preset:
      view.range.kind === 'custom' ? null : view.range.kind === 'auto' ? autoPreset(now, known) : view.range.preset,
    window,
    span: span.data ?? null,
    bin: binFor(window, narrow ? BARS_ON_A_PHONE : undefined),
    live,
    setLive,
    setRange: (range) => change({ range }),
    setChips: (chips) => change({ chips }),
    addChip: (chip) => change({ chips: addChip(view.chips, chip) }),
    removeChip: (chip) => change({ chips: removeChip(view.chips, chip) }),
    setTenant: (slug) => change({ tenant: slug, range: view.range.kind === 'custom' ? { kind: 'auto' } : view.range }),
    openImport: (chosen = []) => setFiles(chosen),
  };
  // Which window is meant may depend on where there is data: nothing is asked before that is known.
  const all = view.range.kind === 'preset' && view.range.preset === 'all';
  const undecided = span.isPending && (all || view.range.kind === 'auto');
  const nothing = span.data === null && isDefault(view.chips);
  return (
    <ViewContext value={state}>
      <Header />
      <main className="main">
        {all && span.isError && span.data === undefined ? (
          <ErrorNote error={span.error} onRetry={() => void span.refetch()} />
        ) : nothing ? (
          <Welcome />
        ) : undecided ? null : (
          <Content />
        )}
      </main>
      <Footer />
      <DropTarget onFiles={setFiles} />
      {files !== null && (
        <ImportDialog
          files={files}
          onStored={() => void queries.invalidateQueries({ queryKey: ['traffic'] })}
          onClose={() => setFiles(null)}
        />
      )}
    </ViewContext>
  );
}
