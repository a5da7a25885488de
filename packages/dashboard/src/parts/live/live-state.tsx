import { describeError } from '../../api/client.ts';
import type { Live } from '../../api/live.ts';
import { useNow } from '../../state/clock.ts';
import { live as words } from '../../text.ts';
import { Badge } from '../ui/badge.tsx';

interface Props {
  state: Live['state'];
  paused: boolean;
  onRetry: () => void;
}

const TONES = { connecting: 'plain', live: 'good', unreadable: 'warn', broken: 'bad', refused: 'bad' } as const;

/** The state in a word. */
export function stateWord(state: Live['state'], paused: boolean): string {
  return state.kind === 'live' && paused ? words.state.paused : words.state[state.kind];
}

/** How it stands with the connection; why it is broken off, and when it is tried again. */
export function LiveState({ state, paused, onRetry }: Props) {
  const tone = state.kind === 'live' && paused ? 'warn' : TONES[state.kind];
  return (
    <div className="live-state">
      <Badge tone={tone}>
        <i aria-hidden="true" className={state.kind === 'live' && !paused ? 'live-dot on' : 'live-dot'} />
        {stateWord(state, paused)}
      </Badge>
      {state.kind === 'unreadable' && <span className="muted">{words.state.unreadableHelp}</span>}
      {state.kind === 'broken' && (
        <>
          <span className="muted">
            <Reason error={state.error} /> <Countdown until={state.retryAt} />
          </span>
          <button type="button" className="link" onClick={onRetry}>
            {words.state.now}
          </button>
        </>
      )}
    </div>
  );
}

function Reason({ error }: { error: unknown }) {
  if (error === null) return null;
  const { title, detail, lang } = describeError(error);
  return <span lang={lang}>{detail || title}</span>;
}

function Countdown({ until }: { until: number }) {
  const now = useNow(true, 1000);
  // The clock goes on by whole seconds from when it was first looked at.
  return words.state.again(Math.max(1, Math.round((until - now) / 1000)));
}
