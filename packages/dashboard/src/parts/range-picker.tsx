import { type FormEvent, useState } from 'react';
import { period } from '../model/format.ts';
import { isWindowed } from '../model/place.ts';
import { fromInput, OFFERED, toInput } from '../model/range.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Popover } from './popover.tsx';
import { Segments } from './segments.tsx';

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
        {(close) => <CustomRange onDone={close} />}
      </Popover>
    </div>
  );
}

function CustomRange({ onDone }: { onDone: () => void }) {
  const { window, setWindow } = useView();
  const [from, setFrom] = useState(toInput(window.from));
  const [to, setTo] = useState(toInput(window.to));
  const [wrong, setWrong] = useState(false);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const range = { kind: 'custom', from: fromInput(from), to: fromInput(to) } as const;
    if (!(range.from < range.to)) return setWrong(true);
    setWindow(range);
    onDone();
  };
  return (
    <form className="form" onSubmit={apply}>
      <label>
        {text.range.from}
        <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} required />
      </label>
      <label>
        {text.range.to}
        <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} required />
      </label>
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
