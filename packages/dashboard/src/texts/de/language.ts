import { counting } from '../language.ts';

/** `1 Quelle`, `1.200 Quellen`. */
export const counted = counting('de-DE');
