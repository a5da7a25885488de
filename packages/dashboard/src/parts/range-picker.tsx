import { type FormEvent, useState } from 'react';
import { isWindowed } from '../model/place.ts';
import { OFFERED, type Window } from '../model/range.ts';
import { momentIn, period, zoneName } from '../model/times.ts';
import { fromInput, type Typed, toInput } from '../model/zone.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Segments } from './segments.tsx';
import { Popover } from './ui/popover.tsx';

/** Presets beside each other, and a form for a range of one's own. */
export function RangePicker() {
  const { screen, preset, range, window, setWindow } = useView();
  const custom = range.kind === 'custom';
  const { presets } = OFFERED[isWindowed(screen) ? screen : 'overview'];
  return (
    <div className="range-picker">
      <Segments
        label={text.range.label}
        options={presets.map((value) => ({ value, label: text.range.short[value], title: text.range.long[value] }))}
        value={preset}
        onChange={(value) => setWindow({ kind: 'preset', preset: value })}
      />
      <Popover
        className={custom ? 'button custom-range on' : 'button custom-range'}
        label={text.range.custom}
        title={text.range.custom}
        button={
          <>
            <Icon name="calendar" />
            <span>{custom ? period(window.from, window.to) : text.range.custom}</span>
          </>
        }
      >
        {(close) => (
          <WindowForm
            window={window}
            onWindow={(chosen) => {
              setWindow({ kind: 'custom', ...chosen });
              close();
            }}
          />
        )}
      </Popover>
    </div>
  );
}

interface FormProps {
  /** What it begins with. */
  window: Window;
  onWindow: (window: Window) => void;
}

/** Asks for a window of time, in the zone in force. */
export function WindowForm({ window, onWindow }: FormProps) {
  const [from, setFrom] = useState(toInput(window.from));
  const [to, setTo] = useState(toInput(window.to));
  const [wrong, setWrong] = useState(false);
  const first = fromInput(from);
  const last = fromInput(to);
  // Of an hour that clocks show twice, the window has both.
  const end = last?.again ?? last?.time;
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (first === null || end === undefined || first.time >= end) return setWrong(true);
    onWindow({ from: first.time, to: end });
  };
  return (
    <form className="form" onSubmit={apply}>
      <label>
        {text.range.from(zoneName())}
        <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} required />
      </label>
      <label>
        {text.range.to(zoneName())}
        <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} required />
      </label>
      <ClockNote typed={first} taken={first?.time} />
      <ClockNote typed={last} taken={end} />
      {wrong && (
        <p className="form-error" role="alert">
          {text.range.invalid}
        </p>
      )}
      <button type="submit" className="button primary">
        {text.range.apply}
      </button>
    </form>
  );
}

/** Says which time is meant where clocks are put forward or back. */
function ClockNote({ typed, taken }: { typed: Typed; taken: number | undefined }) {
  if (typed === null || taken === undefined || (!typed.gap && typed.again === null)) return null;
  return (
    <p className="form-hint muted" role="status">
      {(typed.gap ? text.range.gap : text.range.twice)(momentIn(taken))}
    </p>
  );
}
