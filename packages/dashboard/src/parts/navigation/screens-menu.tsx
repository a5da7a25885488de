import { useView } from '../../state/view-context.ts';
import { text, ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Popover } from '../ui/popover.tsx';
import { ScreenLinks } from './screen-links.tsx';

/** Where there is no room beside the screen: the ways to the screens, behind a button that names the present one. */
export function ScreensMenu() {
  const { screen } = useView();
  return (
    <div className="screens-menu">
      <Popover
        className="button"
        label={text.header.screens}
        button={
          <>
            <Icon name="menu" />
            <span className="visually-hidden">{`${text.header.screens}: `}</span>
            <span className="screens-now">{screen === null ? words.notFound.title : text.header.titles[screen]}</span>
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <nav className="screens-list" aria-label={text.header.screens}>
            <ScreenLinks onFollow={close} />
          </nav>
        )}
      </Popover>
    </div>
  );
}
