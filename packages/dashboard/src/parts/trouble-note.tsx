import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** Says once, above everything that is shown, that the hub does not answer. */
export function UnreachableNote() {
  return (
    <div className="error-note trouble" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{text.error.unreachable}</strong>
        <p>{text.error.unreachableLead}</p>
      </div>
    </div>
  );
}
