import { describeError, Problem } from '../../api/client.ts';
import { lapse } from '../../model/format.ts';
import { NoPasskey } from '../../state/passkeys.ts';
import { access as words } from '../../text.ts';
import { Icon } from '../icon.tsx';

/** Why somebody was not let in, in words. */
export function whyRefused(error: unknown): string {
  if (error instanceof NoPasskey) return words.failed.passkey;
  if (error instanceof Problem && error.status === 429) {
    return error.waitSeconds === null ? words.failed.tooManySoon : words.failed.tooMany(lapse(error.waitSeconds));
  }
  const { title, detail, lang } = describeError(error);
  if (lang !== undefined) return `${title}: ${detail}`;
  return detail === '' ? title : sentence(detail);
}

/** What the hub says of a refusal begins small and has no full stop: it stands behind a title elsewhere. */
function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${/[.!?…]$/.test(detail) ? '' : '.'}`;
}

/** Says it above what is to be tried again; nothing without an error. */
export function AccessFailure({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <p className="bad-note" role="alert">
      <Icon name="warning" />
      <span>{whyRefused(error)}</span>
    </p>
  );
}
