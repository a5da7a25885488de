import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icon.tsx';
import { Link } from '../link.tsx';

interface Props {
  /** Class of the button. */
  className: string;
  button: ReactNode;
  /** Name of the button, where what is on it does not say it. */
  label?: string;
  title?: string;
  align?: 'start' | 'end';
  children: ReactNode;
}

/**
 * A button that opens a menu. Arrow keys move in it, a letter jumps to what begins with it, Escape and Tab leave it. It
 * does not hold the page still: the scroll lock of a modal menu writes a style element, which the page's policy refuses.
 */
export function Menu({ className, button, label, title, align = 'start', children }: Props) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger className={className} aria-label={label} title={title}>
        {button}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className="menu" align={align} sideOffset={6} collisionPadding={12} loop>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface ItemProps {
  icon?: IconName;
  /** Takes something away. */
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

/** Something to do. */
export function MenuItem({ icon, danger = false, disabled = false, onSelect, children }: ItemProps) {
  return (
    <Primitive.Item className={danger ? 'menu-item danger' : 'menu-item'} disabled={disabled} onSelect={onSelect}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Primitive.Item>
  );
}

/** A screen to go to. */
export function MenuLink({ to, icon, children }: { to: string; icon?: IconName; children: ReactNode }) {
  return (
    <Primitive.Item asChild>
      <Link className="menu-item" to={to}>
        {icon !== undefined && <Icon name={icon} />}
        {children}
      </Link>
    </Primitive.Item>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of some within a menu, which stays open to see what it does. */
export function MenuChoice<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <Primitive.Group>
      <Primitive.Label className="menu-label">{label}</Primitive.Label>
      <Primitive.RadioGroup value={value} onValueChange={(chosen) => onChange(chosen as T)} aria-label={label}>
        {options.map((option) => (
          <Primitive.RadioItem
            key={option.value}
            value={option.value}
            className="menu-item"
            onSelect={(event) => event.preventDefault()}
          >
            <span className="menu-mark">
              <Primitive.ItemIndicator>
                <Icon name="check" />
              </Primitive.ItemIndicator>
            </span>
            {option.label}
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </Primitive.Group>
  );
}

interface CheckProps {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** Yes or no within a menu, which stays open. */
export function MenuCheck({ checked, disabled = false, onChange, children }: CheckProps) {
  return (
    <Primitive.CheckboxItem
      className="menu-item"
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="menu-mark">
        <Primitive.ItemIndicator>
          <Icon name="check" />
        </Primitive.ItemIndicator>
      </span>
      {children}
    </Primitive.CheckboxItem>
  );
}

/** Words of a menu that cannot be pressed. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <div className="menu-note">{children}</div>;
}

export function MenuLine() {
  return <Primitive.Separator className="menu-line" />;
}
