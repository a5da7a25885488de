import type { ReactNode } from 'react';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Menu } from './menu.tsx';

/** What can be done with a row, behind three dots; nothing where there is nothing to do. */
export function RowMenu({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false) return null;
  return (
    <Menu className="icon-button small" label={words.actionsFor(name)} button={<Icon name="more" />} align="end">
      {children}
    </Menu>
  );
}
