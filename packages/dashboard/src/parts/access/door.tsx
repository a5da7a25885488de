import type { ReactNode } from 'react';
import { text } from '../../text.ts';
import { Logo } from '../icon.tsx';
import { DoorLanguage } from './door-language.tsx';

/** A page for who is not inside yet: one thing to do, in the middle. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className="door">
      <title>{text.header.title(title)}</title>
      <Logo />
      <section className="panel door-panel" aria-label={title}>
        <h1>{title}</h1>
        {lead !== undefined && <div className="door-lead muted">{lead}</div>}
        {children}
      </section>
      <DoorLanguage />
    </main>
  );
}
