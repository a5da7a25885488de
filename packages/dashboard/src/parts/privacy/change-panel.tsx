import type { PrivacyPolicy } from '@vedette/contract';
import { useEffect, useState } from 'react';
import { describeError } from '../../api/client.ts';
import { usePreview } from '../../api/privacy.ts';
import { text, privacy as words } from '../../text.ts';

interface Props {
  /** What was edited; null while something in it is wrong. */
  policy: PrivacyPolicy | null;
  changed: boolean;
  /** How many fields are wrong. */
  wrong: number;
  onDiscard: () => void;
}

const PAUSE_MS = 400;

/** What the edited policy would change, by the hub's own words, as it is edited; and the ways on. */
export function ChangePanel({ policy, changed, wrong, onDiscard }: Props) {
  const asked = usePaused(changed ? policy : null);
  const { data, error } = usePreview(asked);
  return (
    <section className={changed ? 'panel change-panel changed' : 'panel change-panel'} aria-label={words.change.title}>
      <h2>{words.change.title}</h2>
      <div aria-live="polite">
        {!changed ? (
          <p className="muted">{words.change.none}</p>
        ) : wrong > 0 ? (
          <p className="form-error">
            {words.wrong.count(wrong)} {words.change.wrong}
          </p>
        ) : error !== null ? (
          <p className="form-error">
            {describeError(error).title} <span lang={describeError(error).lang}>{describeError(error).detail}</span>
          </p>
        ) : data === undefined || asked === null ? (
          <p className="muted">{text.loading}</p>
        ) : data.changes.length === 0 ? (
          <p className="muted">{words.change.same}</p>
        ) : (
          <ul className="plain-words" lang="en">
            {data.changes.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="button-row">
        {/* Where something is wrong, pressing it leads there. */}
        <button type="submit" className="button primary" disabled={!changed}>
          {words.change.review}
        </button>
        <button type="button" className="button" disabled={!changed} onClick={onDiscard}>
          {words.change.discard}
        </button>
      </div>
    </section>
  );
}

/** A value once it has stood still for a moment. */
function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(JSON.parse(key) as T), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return paused;
}
