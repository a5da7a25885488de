import { CHART_METRICS, comparedWindow, formatCompared, type Step, stepsFor } from '../../model/explore.ts';
import { DAY, windowBefore } from '../../model/range.ts';
import { period } from '../../model/times.ts';
import { useChange, useScreenSearch } from '../../state/location.ts';
import { useView } from '../../state/view-context.ts';
import { explore as words } from '../../text.ts';
import { WindowForm } from '../range-picker.tsx';
import { Popover } from '../ui/popover.tsx';
import { Select } from '../ui/select.tsx';

/** Which figure the chart shows, in which steps, and what it is compared with. */
export function ExploreBar() {
  const { window } = useView();
  const { metric, step, compare } = useScreenSearch('explore');
  const change = useChange('explore');
  const steps: { value: Step | ''; label: string }[] = stepsFor(window).map((value) => ({
    value,
    label: words.bar.steps[value],
  }));
  return (
    <section className="explore-bar" aria-label={words.bar.label}>
      <label>
        <span>{words.bar.metric}</span>
        <Select
          options={CHART_METRICS.map((value) => ({ value, label: words.metrics[value] }))}
          value={metric}
          onChange={(value) => change({ metric: value === 'requests' ? null : value })}
        />
      </label>
      {(metric !== 'requests' || compare !== '') && (
        <label>
          <span>{words.bar.step}</span>
          <Select
            options={[{ value: '' as const, label: words.bar.auto }, ...steps]}
            value={steps.some(({ value }) => value === step) ? step : ''}
            onChange={(value) => change({ step: value })}
          />
        </label>
      )}
      <ComparePicker />
    </section>
  );
}

/** What figures are compared with: nothing, the time before, a day or week earlier, or any other window. */
function ComparePicker() {
  const { window } = useView();
  const { compare } = useScreenSearch('explore');
  const change = useChange('explore');
  const earlier = (ms: number) => ({ from: window.from - ms, to: window.to - ms });
  const options = [
    { label: words.compare.nothing, value: '', of: null },
    { label: words.compare.previous, value: 'previous', of: windowBefore(window) },
    { label: words.compare.day, value: formatCompared(earlier(DAY)), of: earlier(DAY) },
    { label: words.compare.week, value: formatCompared(earlier(7 * DAY)), of: earlier(7 * DAY) },
  ];
  const compared = comparedWindow(compare, window);
  const known = options.find(({ value }) => value === compare);
  const label = known?.label ?? (compared === null ? '' : period(compared.from, compared.to));
  return (
    <Popover className="button compare-button" label={words.compare.label} button={words.compare.with(label)}>
      {(close) => (
        <div className="compare-choice">
          <ul>
            {options.map(({ label: name, value, of }) => (
              <li key={name}>
                <button
                  type="button"
                  className={value === compare ? 'compare-option on' : 'compare-option'}
                  aria-pressed={value === compare}
                  onClick={() => {
                    change({ compare: value });
                    close();
                  }}
                >
                  {name}
                  {of !== null && <small className="muted">{period(of.from, of.to)}</small>}
                </button>
              </li>
            ))}
          </ul>
          <section>
            <h3>{words.compare.own}</h3>
            <WindowForm
              window={compared ?? windowBefore(window)}
              onWindow={(chosen) => {
                change({ compare: formatCompared(chosen) });
                close();
              }}
            />
          </section>
        </div>
      )}
    </Popover>
  );
}
