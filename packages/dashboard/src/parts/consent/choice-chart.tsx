import type { ConsentDay } from '@vedette/contract';
import { dayColumns, dayWindow } from '../../model/consent-days.ts';
import { width } from '../../model/times.ts';
import { useView } from '../../state/view-context.ts';
import { consent as words } from '../../text.ts';
import { ColumnsPanel } from '../columns.tsx';

const KINDS = ['granted', 'partly', 'refused'] as const;
const BESIDES = ['withdrawn', 'gpc', 'shown'] as const;

/** Choices by day; undefined while they are not known. */
export function ChoiceChart({ days }: { days: readonly ConsentDay[] | undefined }) {
  const view = useView();
  const { window, bin } = dayWindow(view.window, view.mostBars);
  return (
    <ColumnsPanel
      title={words.days.title}
      of={words.days.of(width(bin.ms))}
      kinds={KINDS.map((name) => ({ name, label: words.days[name] }))}
      besides={BESIDES.map((name) => words.days[name])}
      columns={days && dayColumns(days, window, bin)}
      window={window}
      ms={bin.ms}
    />
  );
}
