import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { useState } from 'react';
import type { Span } from '../api/queries.ts';
import type { FieldInfo } from '../model/chip.ts';
import { isDefault } from '../model/view.ts';
import { DropTarget } from '../parts/drop-target.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Footer } from '../parts/footer.tsx';
import { Header } from '../parts/header.tsx';
import { ImportDialog } from '../parts/import-dialog.tsx';
import { useViewState } from '../state/use-view-state.ts';
import { useView, ViewContext } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Content } from './content.tsx';
import { Welcome } from './welcome.tsx';

/** The first screen: header, figures or first steps, footer, and imports from wherever they begin. */
export function Overview({ me, fields }: { me: Me; fields: readonly FieldInfo[] }) {
  const [files, setFiles] = useState<readonly File[] | null>(null);
  const queries = useQueryClient();
  const { state, span } = useViewState(me, fields, setFiles);
  if (state === null) return <div className="lone">{text.header.noTenant}</div>;
  return (
    <ViewContext value={state}>
      <title>{text.header.title(state.tenant.name || state.tenant.slug)}</title>
      <Header />
      <main className="main">
        <Body span={span} />
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

function Body({ span }: { span: UseQueryResult<Span | null> }) {
  const { range, chips } = useView();
  const all = range.kind === 'preset' && range.preset === 'all';
  if (all && span.isError && span.data === undefined) {
    return <ErrorNote error={span.error} onRetry={() => void span.refetch()} />;
  }
  if (span.data === null && isDefault(chips)) return <Welcome />;
  // Which window is meant may depend on where there is data: nothing is asked before that is known.
  if (span.isPending && (all || range.kind === 'auto')) return null;
  return <Content />;
}
