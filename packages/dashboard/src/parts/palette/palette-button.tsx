import { useEffect, useState } from 'react';
import { palette as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Palette } from './palette.tsx';

const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Opens the palette, by a press or by Ctrl K (⌘ K) from anywhere on the page; not over a dialog that asks something. */
export function PaletteButton() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const asked =
        (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
      if (!asked) return;
      // The browser's own meaning of it, a search of the web, is not what somebody on this page wants.
      event.preventDefault();
      setOpen((now) => (now ? false : document.querySelector('[aria-modal="true"]') === null));
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <button
        type="button"
        className="button palette-button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        title={words.openTitle}
        onClick={() => setOpen(true)}
      >
        <Icon name="search" />
        <span>{words.open}</span>
        <kbd aria-hidden="true">{APPLE ? '⌘ K' : words.shortcut}</kbd>
      </button>
      {open && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}
