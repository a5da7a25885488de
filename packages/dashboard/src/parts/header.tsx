import { isWindowed, NAMED_SCREENS, type Screen } from '../model/place.ts';
import { refreshMsOf } from '../state/clock.ts';
import { useNarrow } from '../state/narrow.ts';
import { useReached } from '../state/reach.ts';
import { setTheme, THEMES, useTheme } from '../state/theme.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon, Logo } from './icon.tsx';
import { Link } from './link.tsx';
import { Popover } from './popover.tsx';
import { RangePicker } from './range-picker.tsx';

/** Name, tenant and the ways to the screens; and what steers the screen that is shown. */
export function Header() {
  const view = useView();
  const overview = view.screen === 'overview';
  return (
    <header className="header">
      <div className="header-inner">
        <a className="skip" href={overview ? '#figures' : '#main'}>
          {overview ? text.skip : text.skipToMain}
        </a>
        <Logo />
        <TenantSwitcher />
        <Screens />
        {isWindowed(view.screen) && (
          <div className="header-range">
            <RangePicker />
            <LiveSwitch seconds={refreshMsOf(view.screen) / 1000} />
          </div>
        )}
        <div className="header-actions">
          {view.screen === 'sources' && <LiveSwitch seconds={refreshMsOf('sources') / 1000} />}
          <button
            type="button"
            className="button primary"
            hidden={view.me.principal.scope === 'read'}
            onClick={() => view.openImport()}
            title={text.header.importTitle}
          >
            <Icon name="upload" />
            <span>{text.header.import}</span>
          </button>
          <ThemeSwitch />
        </div>
      </div>
    </header>
  );
}

/** The ways to the screens: beside each other, or behind a button that names the present one where there is no room. */
function Screens() {
  const { screen } = useView();
  const narrow = useNarrow();
  if (!narrow) {
    return (
      <nav className="screens" aria-label={text.header.screens}>
        <ScreenLinks />
      </nav>
    );
  }
  return (
    <nav className="screens-menu" aria-label={text.header.screens}>
      <Popover
        className="button"
        label={text.header.screens}
        button={
          <>
            <Icon name="menu" />
            <span className="visually-hidden">{`${text.header.screens}: `}</span>
            <span className="screens-now">{text.header.titles[screen]}</span>
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <div className="screens-list">
            <ScreenLinks onFollow={close} />
          </div>
        )}
      </Popover>
    </nav>
  );
}

function ScreenLinks({ onFollow }: { onFollow?: () => void }) {
  const { screen, linkTo } = useView();
  const currentOf = (name: Screen) => {
    if (name === screen) return 'page';
    return name === 'sources' && screen === 'first-steps' ? 'true' : undefined;
  };
  return NAMED_SCREENS.map((name) => (
    <Link key={name} to={linkTo(name)} current={currentOf(name)} {...(onFollow && { onFollow })}>
      {text.header.titles[name]}
    </Link>
  ));
}

function TenantSwitcher() {
  const { me, tenant, setTenant } = useView();
  const name = tenant.name || tenant.slug;
  if (me.tenants.length < 2) return <span className="tenant-name">{name}</span>;
  return (
    <label className="tenant-select">
      <span className="visually-hidden">{text.header.tenant}</span>
      <select value={tenant.slug} onChange={(event) => setTenant(event.target.value)}>
        {me.tenants.map(({ id, slug, name: title, installation }) => (
          <option key={id} value={slug}>
            {title || slug}
            {installation ? ` (${text.header.installation})` : ''}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
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

function ThemeSwitch() {
  const theme = useTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  const icon = theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'system';
  const label = text.header.themeNext(text.header.theme[theme]);
  return (
    <button type="button" className="icon-button" onClick={() => setTheme(next)} title={label} aria-label={label}>
      <Icon name={icon} />
    </button>
  );
}
