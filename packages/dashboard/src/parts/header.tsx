import { isRanged } from '../model/place.ts';
import { refreshMsOf } from '../state/clock.ts';
import { useNoSidebar } from '../state/narrow.ts';
import { useReached } from '../state/reach.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon, Logo } from './icon.tsx';
import { ScreensMenu } from './navigation/screens-menu.tsx';
import { SkipLink } from './navigation/skip-link.tsx';
import { TenantSwitcher } from './navigation/tenant-switcher.tsx';
import { UserMenu } from './navigation/user-menu.tsx';
import { PaletteButton } from './palette/palette-button.tsx';
import { RangePicker } from './range-picker.tsx';

/** What steers the screen that is shown; and, where there is no room for it beside the screen, the navigation. */
export function Header() {
  const view = useView();
  const narrow = useNoSidebar();
  const { screen } = view;
  // Beside the sidebar, which is the page's banner, it is only a bar.
  const Bar = narrow ? 'header' : 'div';
  return (
    <Bar className="header">
      <div className="header-inner">
        {narrow && (
          <>
            <SkipLink />
            <Logo />
            <TenantSwitcher />
            <ScreensMenu />
          </>
        )}
        {isRanged(screen) && (
          <div className="header-range">
            <RangePicker />
            <LiveSwitch seconds={refreshMsOf(screen) / 1000} />
          </div>
        )}
        <div className="header-actions">
          <PaletteButton />
          {screen === 'sources' && <LiveSwitch seconds={refreshMsOf('sources') / 1000} />}
          {view.mayImport && (
            <button
              type="button"
              className="button primary"
              onClick={() => view.openImport()}
              title={text.header.importTitle}
            >
              <Icon name="upload" />
              <span>{text.header.import}</span>
            </button>
          )}
          {narrow && <UserMenu me={view.me} />}
        </div>
      </div>
    </Bar>
  );
}

function LiveSwitch({ seconds }: { seconds: number }) {
  const { live, setLive } = useView();
  const reached = useReached();
  const help = live ? text.header.liveOn(seconds) : text.header.liveOff(seconds);
  return (
    <button
      type="button"
      className={!reached ? 'live away' : live ? 'live on' : 'live'}
      aria-pressed={live}
      aria-label={reached ? text.header.live : `${text.header.live}: ${text.header.unreachable}`}
      title={reached ? help : text.header.unreachableHelp}
      onClick={() => setLive(!live)}
    >
      <i aria-hidden="true" />
      <span>{!reached ? text.header.unreachable : live ? text.header.live : text.header.paused}</span>
    </button>
  );
}
