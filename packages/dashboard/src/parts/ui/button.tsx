import type { ReactNode } from 'react';
import { Icon, type IconName } from '../icon.tsx';

interface Props {
  /** `primary`: the one thing a screen or dialog is for; `danger`: takes something away. */
  kind?: 'plain' | 'primary' | 'danger';
  type?: 'button' | 'submit';
  small?: boolean;
  icon?: IconName;
  /** It runs: shown by a turning mark, said to screen readers, and not to be pressed again. */
  busy?: boolean;
  disabled?: boolean;
  title?: string;
  onClick?: () => void;
  children: ReactNode;
}

const KINDS = { plain: 'button', primary: 'button primary', danger: 'button danger' };

/** A button. Its words stay as they are while it runs, so that nothing moves. */
export function Button({
  kind = 'plain',
  type = 'button',
  small = false,
  icon,
  busy = false,
  children,
  ...rest
}: Props) {
  const { disabled = false, ...button } = rest;
  return (
    <button
      {...button}
      // biome-ignore lint/a11y/useButtonType: it is one of the two
      type={type}
      className={`${KINDS[kind]}${small ? ' small' : ''}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? <i className="spinner" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}
