import { useRef } from 'react';
import { useCopy } from '../state/copy.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** A command line with a button that copies it. */
export function Command({ line }: { line: string }) {
  const code = useRef<HTMLElement>(null);
  const { state, copy } = useCopy(code);
  const label = state === 'idle' ? text.copy : text[state];
  return (
    <div className="command">
      <code ref={code}>{line}</code>
      <button type="button" className="icon-button" onClick={copy} title={label}>
        <Icon name={state === 'copied' ? 'check' : 'copy'} />
        <span className="visually-hidden" aria-live="polite">
          {label}
        </span>
      </button>
    </div>
  );
}
