import type { WidgetRate } from '@vedette/contract';
import { useWidgets } from '../../api/interactions.ts';
import { full, percent } from '../../model/format.ts';
import { text, interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';

/** How often widgets were clicked, and by how many of the people who saw their page. */
export function WidgetsTable() {
  return (
    <Panel title={words.widgets.title} of={words.widgets.of}>
      <Answered query={useWidgets()}>
        {({ widgets }) => (
          <DataTable
            label={words.widgets.title}
            columns={columnsOf()}
            rows={widgets}
            rowKey={({ name }) => name}
            cards="never"
            empty={<p className="empty-note">{words.widgets.empty}</p>}
          />
        )}
      </Answered>
    </Panel>
  );
}

function columnsOf(): DataColumn<WidgetRate>[] {
  return [
    { id: 'name', title: words.widgets.name, wide: true, sort: ({ name }) => name, show: ({ name }) => name },
    {
      id: 'clicks',
      title: words.widgets.clicks,
      help: words.widgets.clicksHelp,
      number: true,
      sort: ({ clicks }) => clicks,
      show: ({ clicks }) => full(clicks),
    },
    {
      id: 'clicked',
      title: words.widgets.clicked,
      help: words.widgets.clickedHelp,
      number: true,
      sort: ({ visitors }) => visitors,
      show: ({ visitors }) => full(visitors),
    },
    {
      id: 'saw',
      title: words.widgets.saw,
      help: words.widgets.sawHelp,
      number: true,
      sort: ({ page_visitors: saw }) => saw,
      show: ({ page_visitors: saw }) => full(saw),
    },
    {
      id: 'rate',
      title: words.widgets.rate,
      help: words.widgets.rateHelp,
      number: true,
      sort: ({ rate }) => rate,
      show: ({ rate }) => (rate === null ? text.none : percent(rate)),
    },
  ];
}
