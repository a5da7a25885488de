import type { Source } from '@vedette/contract';
import { useRef, useState } from 'react';
import { ago, stamp } from '../model/times.ts';
import { useCopy } from '../state/copy.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

const OLD_MS = 86_400_000;

/** The last error of a source: its beginning in one line, all of it when pressed, and a button that copies it. */
export function SourceError({ error, now }: { error: NonNullable<Source['last_error']>; now: number }) {
  const [open, setOpen] = useState(false);
  const words = useRef<HTMLElement>(null);
  const { state, copy } = useCopy(words);
  const time = Date.parse(error.at);
  return (
    <div className={`source-error${open ? ' open' : ''}${now - time > OLD_MS ? ' old' : ''}`}>
      <button
        type="button"
        className="source-error-head"
        aria-expanded={open}
        title={open ? text.sources.hideError : text.sources.showError}
        onClick={() => setOpen(!open)}
      >
        <Icon name="down" />
        <time dateTime={error.at} title={stamp(time)}>
          {text.sources.error(ago(time, now))}
        </time>
        {!open && (
          <span className="source-error-text" lang="en">
            {error.text}
          </span>
        )}
      </button>
      {open && (
        <div className="source-error-all">
          <code ref={words} lang="en">
            {error.text}
          </code>
          <button type="button" className="button small" onClick={copy} aria-label={text.sources.copyError}>
            <Icon name={state === 'copied' ? 'check' : 'copy'} />
            <span aria-live="polite">{state === 'idle' ? text.copy : text[state]}</span>
          </button>
        </div>
      )}
    </div>
  );
}
