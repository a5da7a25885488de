import { useEffect, useRef } from 'react';
import type { Command, CommandSection } from '../../model/commands.ts';
import { palette as words } from '../../text.ts';

interface Props {
  /** Of the list and its options: `<id>-list`, `<id>-0`. */
  id: string;
  sections: readonly CommandSection[];
  /** Which one Enter would do, counted through all sections. */
  at: number;
  onPoint: (place: number) => void;
  onChoose: (command: Command) => void;
}

/** The commands that fit, in their sections. The keyboard stays in the field above. */
export function CommandOptions({ id, sections, at, onPoint, onChoose }: Props) {
  const starts = sections.map((_, index) =>
    sections.slice(0, index).reduce((sum, { commands }) => sum + commands.length, 0),
  );
  return (
    <div id={`${id}-list`} role="listbox" aria-label={words.title} className="palette-list">
      {sections.map(({ group, commands }, section) => (
        // A group of a listbox, which no element is.
        // biome-ignore lint/a11y/useSemanticElements: as said
        <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
          <div id={`${id}-${group}`} role="presentation" className="palette-group">
            {words.groups[group]}
          </div>
          {commands.map((command, index) => {
            const place = (starts[section] ?? 0) + index;
            return (
              <Option
                key={command.id}
                id={`${id}-${place}`}
                command={command}
                at={place === at}
                onPoint={() => onPoint(place)}
                onChoose={() => onChoose(command)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  at: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function Option({ id, command: { label, note, refusal, completes }, at, onPoint, onChoose }: OptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (at) option.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the field
    // biome-ignore lint/a11y/useFocusableInteractive: the keyboard stays in the field
    <div
      ref={option}
      id={id}
      role="option"
      aria-selected={at}
      aria-disabled={refusal !== undefined}
      className={at ? 'palette-option at' : 'palette-option'}
      onPointerMove={onPoint}
      onClick={onChoose}
    >
      <span>{label}</span>
      <small className="muted">{refusal ?? (completes === undefined ? note : `${completes} · ${words.field}`)}</small>
    </div>
  );
}
