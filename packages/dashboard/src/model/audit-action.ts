import type { AuditAction } from '@vedette/contract';
import { audit as words } from '../text.ts';
import { LOCALE } from './locale.ts';

/** What an entry is about, in words; its name where there are none, as of what an older hub has written. */
export function actionWords(action: string): string {
  return Object.hasOwn(words.actions, action) ? words.actions[action as AuditAction] : action;
}

/** What entries can be about, in the order of its words. */
export function actionChoices(): { value: string; label: string }[] {
  const { compare } = new Intl.Collator(LOCALE);
  return Object.entries(words.actions)
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => compare(a.label, b.label));
}
