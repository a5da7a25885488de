import { useRef } from 'react';
import type { Snippet } from '../model/snippets/fill.ts';
import { useCopy } from '../state/copy.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** Lines to paste, where they go, and a button that copies them. */
export function SnippetView({ title, code, note }: Snippet) {
  const element = useRef<HTMLElement>(null);
  const { state, copy } = useCopy(element);
  return (
    <figure className="snippet">
      <figcaption>
        <span>{title}</span>
        <button
          type="button"
          className={state === 'copied' ? 'button small copied' : 'button small'}
          onClick={copy}
          aria-label={state === 'idle' ? text.firstSteps.copied(title) : undefined}
        >
          <Icon name={state === 'copied' ? 'check' : 'copy'} />
          <span aria-live="polite">{state === 'idle' ? text.copy : text[state]}</span>
        </button>
      </figcaption>
      {/* Wider than the page it is scrolled, by keys too. */}
      <pre tabIndex={0} role="region" aria-label={title}>
        <code ref={element}>{code}</code>
      </pre>
      {note !== undefined && <p className="snippet-note">{note}</p>}
    </figure>
  );
}
