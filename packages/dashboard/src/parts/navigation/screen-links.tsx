import { useId } from 'react';
import type { Screen } from '../../model/place.ts';
import { GROUPS, type NavigationGroup, screensOf } from '../../screens/registry.ts';
import { useView } from '../../state/view-context.ts';
import { text, ui as words } from '../../text.ts';
import { Link } from '../link.tsx';

/** The ways to the screens that the viewer may open, in their groups. `onFollow` is called as one is gone to. */
export function ScreenLinks({ onFollow }: { onFollow?: () => void }) {
  const { may } = useView();
  return GROUPS.map((group) => {
    const screens = screensOf(group, may);
    return (
      screens.length > 0 && <GroupLinks key={group} group={group} screens={screens} {...(onFollow && { onFollow })} />
    );
  });
}

interface GroupProps {
  group: NavigationGroup;
  screens: readonly Screen[];
  onFollow?: () => void;
}

function GroupLinks({ group, screens, onFollow }: GroupProps) {
  const id = useId();
  const { screen, linkTo } = useView();
  return (
    <div className="nav-group">
      <h2 id={id}>{words.groups[group]}</h2>
      <ul aria-labelledby={id}>
        {screens.map((name) => (
          <li key={name}>
            <Link to={linkTo(name)} current={name === screen ? 'page' : undefined} {...(onFollow && { onFollow })}>
              {text.header.titles[name]}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
