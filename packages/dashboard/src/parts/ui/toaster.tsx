import { Toast as Primitive } from 'radix-ui';
import { describeError } from '../../api/client.ts';
import { dismissToast, showToast, type Toast, useToasts } from '../../state/toasts.ts';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';

const SHOWN_MS = 6000;
/** Long enough to be heard, found by F8 and pressed; it stands still while the pointer or the focus is on it. */
const PRESSED_MS = 15_000;

/** Where toasts are shown: once, around everything. F8 brings the focus to them. */
export function Toaster() {
  const toasts = useToasts();
  return (
    <Primitive.Provider label={words.notices} duration={SHOWN_MS} swipeDirection="down">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
      <Primitive.Viewport className="toasts" label={`${words.notices} ({hotkey})`} />
    </Primitive.Provider>
  );
}

function ToastView({ toast: { id, message, tone, undo, next } }: { toast: Toast }) {
  const takeBack = async () => {
    try {
      await undo?.();
    } catch (error) {
      showToast(words.undoFailed(describeError(error).title), { tone: 'bad' });
    }
  };
  return (
    <Primitive.Root
      className={tone === 'bad' ? 'toast bad' : 'toast'}
      type={tone === 'bad' ? 'foreground' : 'background'}
      duration={undo === null && next === null ? SHOWN_MS : PRESSED_MS}
      onOpenChange={(open) => {
        if (!open) dismissToast(id);
      }}
    >
      <Icon name={tone === 'bad' ? 'warning' : 'check'} />
      <Primitive.Description className="toast-words">{message}</Primitive.Description>
      {undo !== null && (
        <Primitive.Action className="button small" altText={words.undoAlt(message)} onClick={() => void takeBack()}>
          {words.undo}
        </Primitive.Action>
      )}
      {next !== null && (
        <Primitive.Action className="button small" altText={next.label} onClick={next.run}>
          {next.label}
        </Primitive.Action>
      )}
      <Primitive.Close className="icon-button small" aria-label={words.dismiss} title={words.dismiss}>
        <Icon name="cross" />
      </Primitive.Close>
    </Primitive.Root>
  );
}
