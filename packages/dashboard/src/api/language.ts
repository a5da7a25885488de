import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { chooseLanguage } from '../state/language.ts';
import { text } from '../text.ts';
import type { Language } from '../texts/language.ts';
import { sendJson } from './client.ts';

/** Puts a language in force, and keeps it in the account of who has one; without one, in this browser only. */
export function useChooseLanguage(me: Me) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (language: Language) => {
      // First what can be refused: a choice that the next load would undo is none.
      if (me.user !== null) await sendJson('PATCH', '/api/v1/account', { locale: language });
      await chooseLanguage(language).catch(() => {
        throw new Error(text.locale.failed);
      });
      queries.setQueryData<Me>(['me'], (now) => now && { ...now, user: now.user && { ...now.user, locale: language } });
    },
  });
}
