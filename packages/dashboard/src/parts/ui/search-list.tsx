import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { full } from '../../model/format.ts';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';

const MOST_OPTIONS = 100;

export interface SearchOption {
  value: string;
  label: string;
  /** Searched and shown beside it. */
  note: string;
}

interface Props {
  label: string;
  placeholder: string;
  options: readonly SearchOption[];
  value: string;
  onChoose: (value: string) => void;
}

/**
 * Chooses one of many: what is typed narrows them, arrow keys move, Enter chooses. A combobox with a list that is always
 * there (WAI-ARIA Authoring Practices).
 */
export function SearchList({ label, placeholder, options, value, onChoose }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState('');
  const all = narrow(options, typed);
  const found = firstOf(all, value);
  const [place, setPlace] = useState(() =>
    Math.max(
      0,
      found.findIndex((option) => option.value === value),
    ),
  );
  const at = Math.min(place, found.length - 1);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const press = (event: KeyboardEvent) => {
    const chosen = found[at];
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      return onChoose(chosen.value);
    }
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next === undefined || found.length === 0) return;
    event.preventDefault();
    setPlace((next + found.length) % found.length);
  };
  return (
    <div className="search-list">
      <input
        type="text"
        role="combobox"
        className="text-field"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        placeholder={placeholder}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value);
          setPlace(0);
        }}
        onKeyDown={press}
      />
      <ul ref={list} id={id} role="listbox" aria-label={label}>
        {found.map((option, index) => (
          // The keyboard stays in the field.
          // biome-ignore lint/a11y/useKeyWithClickEvents: as said
          // biome-ignore lint/a11y/useFocusableInteractive: as said
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            className={index === at ? 'at' : undefined}
            onPointerMove={() => setPlace(index)}
            onClick={() => onChoose(option.value)}
          >
            <span>{option.label}</span>
            {option.note !== '' && <small className="muted">{option.note}</small>}
            {option.value === value && <Icon name="check" />}
          </li>
        ))}
      </ul>
      <p className="muted" role="status">
        {found.length === 0 && words.noneFound(typed)}
        {found.length < all.length && words.firstOf(full(found.length), full(all.length))}
      </p>
    </div>
  );
}

/** As many as somebody looks through, with the one that is chosen among them: the others are found by typing. */
function firstOf(options: readonly SearchOption[], value: string): readonly SearchOption[] {
  if (options.length <= MOST_OPTIONS) return options;
  const first = options.slice(0, MOST_OPTIONS);
  const chosen = options.find((option) => option.value === value);
  return chosen === undefined || first.includes(chosen) ? first : [chosen, ...first.slice(0, -1)];
}

function narrow(options: readonly SearchOption[], typed: string): readonly SearchOption[] {
  const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ label, note, value }) => {
    const hay = `${label} ${note} ${value}`.toLowerCase();
    return parts.every((part) => hay.includes(part));
  });
}
