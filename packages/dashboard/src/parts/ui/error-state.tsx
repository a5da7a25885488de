import { describeError } from '../../api/client.ts';
import { text } from '../../text.ts';
import { Icon } from '../icon.tsx';

/** What went wrong in a part of the screen, in the hub's own words, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, detail, lang } = describeError(error);
  return (
    <div className="error-note" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{title}</strong>
        {detail !== '' && <p lang={lang}>{detail}</p>}
        <button type="button" className="button small" onClick={onRetry}>
          {text.error.retry}
        </button>
      </div>
    </div>
  );
}
