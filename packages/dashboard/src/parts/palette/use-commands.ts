import { useQueryClient } from '@tanstack/react-query';
import { useChooseLanguage } from '../../api/language.ts';
import { useLogOut } from '../../api/log-out.ts';
import { useSavedViews } from '../../api/views.ts';
import type { Command } from '../../model/commands.ts';
import { pathOf, SCREENS, withParameters } from '../../model/place.ts';
import { GROUPS, isOpen, screensOf } from '../../screens/registry.ts';
import { useLinkCopy } from '../../state/absolute-link.ts';
import { useLanguage } from '../../state/language.ts';
import { goTo } from '../../state/location.ts';
import { setTheme, THEMES, useTheme } from '../../state/theme.ts';
import { showToast } from '../../state/toasts.ts';
import { useView } from '../../state/view-context.ts';
import { chooseZone, localZone, useZoneChoice } from '../../state/zone.ts';
import { text, ui, palette as words } from '../../text.ts';
import { LANGUAGES, type Language } from '../../texts/language.ts';
import { focusContent } from '../in-locale.tsx';

/** Everything the viewer may go to or do from here, by name. */
export function useCommands(): Command[] {
  return [
    ...useScreenCommands(),
    ...useActionCommands(),
    ...useLookCommands(),
    ...useTenantCommands(),
    ...useViewCommands(),
  ];
}

function useScreenCommands(): Command[] {
  const { may, me, linkTo } = useView();
  const groups = me.user === null ? GROUPS : ([...GROUPS, 'account'] as const);
  return groups.flatMap((group) =>
    screensOf(group, may).map(
      (screen): Command => ({
        id: `screen:${screen}`,
        group: 'screens',
        label: text.header.titles[screen],
        ...(group !== 'account' && { note: ui.groups[group] }),
        run: () => goTo(linkTo(screen)),
      }),
    ),
  );
}

function useActionCommands(): Command[] {
  const { screen, mayImport, live, setLive, openImport } = useView();
  const queries = useQueryClient();
  const logOut = useLogOut();
  const copyLink = useLinkCopy();
  const actions: (Omit<Command, 'group'> | false)[] = [
    mayImport && { id: 'import', label: words.import, run: () => openImport() },
    { id: 'copy-link', label: words.copyLink, note: words.copyLinkNote, run: () => void copyLink() },
    { id: 'refresh', label: words.refresh, run: () => void queries.invalidateQueries() },
    // Of requests as they come in, the screen itself has it.
    screen !== 'live' && { id: 'live', label: live ? words.pause : words.resume, run: () => setLive(!live) },
    { id: 'log-out', label: words.logOut, run: () => logOut.mutate() },
  ];
  return actions.flatMap((action) => (action === false ? [] : [{ ...action, group: 'actions' as const }]));
}

/** How the page looks and speaks: what is not so now. */
function useLookCommands(): Command[] {
  const { me } = useView();
  const [theme, language, zone] = [useTheme(), useLanguage(), useZoneChoice()];
  const choose = useChooseLanguage(me);
  const themes = THEMES.filter((other) => other !== theme).map((other) => ({
    id: `theme:${other}`,
    label: words.theme(ui.themes[other]),
    run: () => setTheme(other),
  }));
  const languages = (Object.keys(LANGUAGES) as Language[])
    .filter((other) => other !== language)
    .map((other) => ({
      id: `language:${other}`,
      label: words.language(LANGUAGES[other]),
      run: () =>
        void choose.mutateAsync(other).then(focusContent, (error: Error) => showToast(error.message, { tone: 'bad' })),
    }));
  const other = zone === 'utc' ? 'local' : 'utc';
  const zones = [
    {
      id: `zone:${other}`,
      label: words.zone(other === 'utc' ? 'UTC' : localZone().replaceAll('_', ' ')),
      run: () => {
        chooseZone(other);
        focusContent();
      },
    },
  ];
  return [...themes, ...languages, ...zones].map((command) => ({ ...command, group: 'actions' }));
}

function useTenantCommands(): Command[] {
  const { me, tenant, setTenant } = useView();
  return me.tenants
    .filter(({ id }) => id !== tenant.id)
    .map(({ slug, name, installation, suspended }) => ({
      id: `tenant:${slug}`,
      group: 'tenants',
      label: words.tenant(name || slug),
      note: suspended ? ui.suspended : installation ? text.header.installation : slug,
      run: () => setTenant(slug),
    }));
}

function useViewCommands(): Command[] {
  const { may, tenant } = useView();
  const views = useSavedViews(may('read'));
  return (views.data ?? []).flatMap((view): Command[] => {
    const screen = SCREENS.find((name) => (name as string) === view.screen);
    if (screen === undefined || !isOpen(screen, may)) return [];
    return [
      {
        id: `view:${view.id}`,
        group: 'views',
        label: words.view(view.name),
        note: view.mine ? '' : (view.owner ?? ''),
        run: () => goTo(pathOf(screen) + withParameters(view.query, { tenant: tenant.slug })),
      },
    ];
  });
}
