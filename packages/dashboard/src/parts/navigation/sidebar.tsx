import { useView } from '../../state/view-context.ts';
import { text } from '../../text.ts';
import { Logo } from '../icon.tsx';
import { ScreenLinks } from './screen-links.tsx';
import { SkipLink } from './skip-link.tsx';
import { TenantSwitcher } from './tenant-switcher.tsx';
import { UserMenu } from './user-menu.tsx';

/** Beside every screen where there is room: whose data it is, the ways to the screens, and who is logged in. */
export function Sidebar() {
  const { me } = useView();
  return (
    <header className="sidebar">
      <SkipLink />
      <Logo />
      <TenantSwitcher />
      <nav aria-label={text.header.screens}>
        <ScreenLinks />
      </nav>
      <UserMenu me={me} />
    </header>
  );
}
