import type { Live } from '../../api/live.ts';
import { useSameFilters } from '../../state/other-screen.ts';
import { live as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Link } from '../link.tsx';
import { Button } from '../ui/button.tsx';
import { LiveState } from './live-state.tsx';

interface Props {
  state: Live['state'];
  paused: boolean;
  onPause: (paused: boolean) => void;
  onRetry: () => void;
  onClear: () => void;
}

/** What the screen is, how it stands with the connection, and what can be done with it. */
export function LiveHead({ state, paused, onPause, onRetry, onClear }: Props) {
  const sameFilters = useSameFilters();
  return (
    <div className="live-head">
      <div className="live-title">
        <h1>{words.title}</h1>
        <LiveState state={state} paused={paused} onRetry={onRetry} />
      </div>
      <div className="live-actions">
        <Button
          kind={paused ? 'primary' : 'plain'}
          icon={paused ? 'play' : 'pause'}
          title={words.pauseHelp}
          onClick={() => onPause(!paused)}
        >
          {paused ? words.goOn : words.pause}
        </Button>
        <Button icon="exclude" onClick={onClear}>
          {words.clear}
        </Button>
        <Link
          className="button"
          to={sameFilters('explore', { kind: 'preset', preset: '1h' })}
          title={words.exploreHelp}
        >
          <Icon name="bars" />
          <span>{words.explore}</span>
        </Link>
      </div>
      <p className="muted">{words.lead}</p>
    </div>
  );
}
