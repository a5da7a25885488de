import { Dialog as Primitive } from 'radix-ui';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { type Command, findCommands } from '../../model/commands.ts';
import { recentCommands, rememberCommand } from '../../state/recent-commands.ts';
import { text, palette as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { CommandOptions } from './command-options.tsx';
import { useCommands } from './use-commands.ts';
import { useFilterCommands } from './use-filter-commands.ts';

/** How far Page up and Page down go. */
const PAGE = 8;

/**
 * One field for everything: what is typed narrows the commands, arrow keys move, Enter does it. A combobox with a list that
 * is always there (WAI-ARIA Authoring Practices) in a dialog, which a press beside it closes too.
 */
export function Palette({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [opener] = useState(() => document.activeElement);
  const [recent] = useState(recentCommands);
  const [typed, setTyped] = useState('');
  const [place, setPlace] = useState(0);
  const sections = findCommands([...useFilterCommands(typed), ...useCommands()], typed, recent);
  const shown = sections.flatMap(({ commands }) => commands);
  const at = Math.min(place, shown.length - 1);
  const chosen = useRef<Command | null>(null);
  const type = (value: string) => {
    setTyped(value);
    setPlace(0);
  };
  const choose = (command: Command | undefined) => {
    if (command === undefined || command.refusal !== undefined) return;
    if (command.completes !== undefined) return type(command.completes);
    if (command.group !== 'filters') rememberCommand(command.id);
    chosen.current = command;
    onClose();
  };
  const press = (event: KeyboardEvent) => {
    // While letters are composed, Enter and the arrows are the composer's.
    if (event.nativeEvent.isComposing) return;
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 };
    const jumps: Record<string, number> = { PageDown: at + PAGE, PageUp: at - PAGE };
    const { length } = shown;
    if (event.key === 'Enter') choose(shown[at]);
    else if (event.key === 'Tab' && !event.shiftKey && shown[at]?.completes !== undefined) choose(shown[at]);
    else if (length === 0) return;
    else if (moves[event.key] !== undefined) setPlace(((moves[event.key] ?? 0) + length) % length);
    else if (jumps[event.key] !== undefined) setPlace(Math.max(0, Math.min(jumps[event.key] ?? 0, length - 1)));
    else return;
    event.preventDefault();
  };
  return (
    <Primitive.Root open onOpenChange={onClose}>
      <Primitive.Portal>
        {/* Not the primitive's own overlay: its scroll lock writes a style element, which the page's policy refuses. */}
        <div className="dialog-ground" aria-hidden="true" />
        <Primitive.Content
          className="palette"
          aria-modal="true"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener);
            // Only now: a dialog that a command opens takes the focus, and gives it back to where the palette had it from.
            chosen.current?.run();
          }}
        >
          <Primitive.Title className="visually-hidden">{words.title}</Primitive.Title>
          <div className="palette-field">
            <Icon name="search" />
            <input
              type="text"
              role="combobox"
              aria-label={words.title}
              aria-describedby={`${id}-keys`}
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={shown.length > 0 ? `${id}-${at}` : undefined}
              aria-autocomplete="list"
              placeholder={words.placeholder}
              value={typed}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              onChange={(event) => type(event.target.value)}
              onKeyDown={press}
            />
            <Primitive.Close className="icon-button" aria-label={text.close} title={text.close}>
              <Icon name="cross" />
            </Primitive.Close>
          </div>
          <CommandOptions id={id} sections={sections} at={at} onPoint={setPlace} onChoose={choose} />
          <PaletteFoot id={id} typed={typed} count={shown.length} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function PaletteFoot({ id, typed, count }: { id: string; typed: string; count: number }) {
  return (
    <div className="palette-foot muted">
      <p role="status">{count === 0 ? text.ui.noneFound(typed) : typed !== '' && words.found(count)}</p>
      <p id={`${id}-keys`} className="palette-keys">
        {words.keys}
      </p>
    </div>
  );
}

/** Back to where it was opened. */
function returnFocus(opener: Element | null): void {
  const target = opener?.isConnected && opener !== document.body ? opener : document.getElementById('main');
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}
