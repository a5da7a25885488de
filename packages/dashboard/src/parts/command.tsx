import { useState } from 'react';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** A command line with a button that copies it. */
export function Command({ line }: { line: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      // Not allowed here (plain HTTP from another machine): the text can still be selected.
    }
  };
  return (
    <div className="command">
      <code>{line}</code>
      <button type="button" className="icon-button" onClick={() => void copy()} title={text.empty.copy}>
        <Icon name={copied ? 'check' : 'copy'} />
        <span className="visually-hidden" aria-live="polite">
          {copied ? text.empty.copied : text.empty.copy}
        </span>
      </button>
    </div>
  );
}
