import type { Me } from '@vedette/contract';
import { useLogOut } from '../../api/log-out.ts';
import { screensOf } from '../../screens/registry.ts';
import { setTheme, THEMES, useTheme } from '../../state/theme.ts';
import { useView } from '../../state/view-context.ts';
import { text, ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink, MenuNote } from '../ui/menu.tsx';
import { LocaleChoices } from './locale-choices.tsx';

/** Who is logged in, and what is theirs: the account, how the page looks, its language and zone, and the way out. */
export function UserMenu({ me }: { me: Me }) {
  const { may, linkTo } = useView();
  const theme = useTheme();
  const logOut = useLogOut();
  const name = me.user === null ? words.byLink : me.user.name || me.user.email;
  return (
    <Menu
      className="user-button"
      label={words.userMenu(name)}
      title={name}
      align="end"
      button={
        <>
          <Icon name="user" />
          <span className="user-name">{name}</span>
          <Icon name="down" />
        </>
      }
    >
      <MenuNote>
        <strong>{name}</strong>
        {me.user === null ? words.byLinkHelp : me.user.email}
      </MenuNote>
      {me.user !== null &&
        screensOf('account', may).map((screen) => (
          <MenuLink key={screen} to={linkTo(screen)} icon="user">
            {text.header.titles[screen]}
          </MenuLink>
        ))}
      <MenuLine />
      <MenuChoice
        label={words.theme}
        options={THEMES.map((value) => ({ value, label: words.themes[value] }))}
        value={theme}
        onChange={setTheme}
      />
      <MenuLine />
      <LocaleChoices me={me} />
      <MenuLine />
      <MenuItem icon="out" disabled={logOut.isPending} onSelect={() => logOut.mutate()}>
        {words.logOut}
      </MenuItem>
    </Menu>
  );
}
