import type { WidgetRate } from '@vedette/contract';
import { useWidgets } from '../../api/interactions.ts';
import { full, percent } from '../../model/format.ts';
import { text } from '../../text.ts';
import { interactions as words } from '../../texts/interactions.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';

/** How often widgets were clicked, and by how many of the people who saw their page. */
export function WidgetsTable() {
  return (
    <Panel title={words.widgets.title} of={words.widgets.of}>
      <Answered query={useWidgets()}>
        {({ widgets }) =>
          widgets.length === 0 ? <p className="empty-note">{words.widgets.empty}</p> : <Table widgets={widgets} />
        }
      </Answered>
    </Panel>
  );
}

function Table({ widgets }: { widgets: readonly WidgetRate[] }) {
  const head = (title: string, help: string) => (
    <th scope="col" className="number" title={help}>
      {title}
    </th>
  );
  return (
    <div className="table-space" tabIndex={0} role="group" aria-label={words.widgets.title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.widgets.name}</th>
            {head(words.widgets.clicks, words.widgets.clicksHelp)}
            {head(words.widgets.clicked, words.widgets.clickedHelp)}
            {head(words.widgets.saw, words.widgets.sawHelp)}
            {head(words.widgets.rate, words.widgets.rateHelp)}
          </tr>
        </thead>
        <tbody>
          {widgets.map(({ name, clicks, visitors, page_visitors: saw, rate }) => (
            <tr key={name}>
              <th scope="row" className="name-cell">
                {name}
              </th>
              <td className="number">{full(clicks)}</td>
              <td className="number">{full(visitors)}</td>
              <td className="number">{full(saw)}</td>
              <td className="number">{rate === null ? text.none : percent(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
