import type { Integration } from '@vedette/contract';
import { full } from '../../model/format.ts';
import { stamp } from '../../model/times.ts';
import { integrations as words } from '../../text.ts';

/** When it last worked, what went wrong last, what was sent and waits. */
export function IntegrationState({ integration }: { integration: Integration }) {
  const { last_success: success, last_error: error, sent, waiting, calls_left: left } = integration;
  const facts = [
    [words.state.success, success === null ? words.state.never : stamp(Date.parse(success))],
    [words.state.sent, words.state.events(full(sent))],
    [words.state.waiting, words.state.events(full(waiting))],
    [words.state.left, left === null ? words.state.unlimited : full(left)],
  ] as const;
  // What went well since is over.
  const over = error !== null && success !== null && Date.parse(success) > Date.parse(error.at);
  return (
    <div className="integration-state" role="region" aria-label={words.state.title}>
      <h3>{words.state.title}</h3>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {error !== null && (
        <p className={over ? 'last-error over' : 'last-error'}>
          <strong>{words.state.error}</strong> <time dateTime={error.at}>{stamp(Date.parse(error.at))}</time>
          <code className="break" lang="en">
            {error.text}
          </code>
        </p>
      )}
    </div>
  );
}
