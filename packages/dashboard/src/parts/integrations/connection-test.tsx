import type { IntegrationKind } from '@vedette/contract';
import { describeError } from '../../api/client.ts';
import { useTestIntegration } from '../../api/integrations.ts';
import { integrations as words } from '../../text.ts';
import { Icon } from '../icon.tsx';

/** Tries the connection as it is saved, and shows each thing that was tried. */
export function ConnectionTest({ kind, changed }: { kind: IntegrationKind; changed: boolean }) {
  const test = useTestIntegration(kind);
  const { data, isPending, error } = test;
  const failure = error === null ? null : describeError(error);
  return (
    <div className="stack">
      <div className="button-row">
        <button type="button" className="button" disabled={isPending || changed} onClick={() => test.mutate()}>
          {isPending ? words.test.running : words.test.run}
        </button>
        <span className="muted form-hint">
          {changed ? words.test.unsaved : kind === 'clarity' ? words.test.costs : ''}
        </span>
      </div>
      <div role="status">
        {failure !== null && (
          <p className="form-error">
            {failure.title} <span lang={failure.lang}>{failure.detail}</span>
          </p>
        )}
        {data !== undefined && !isPending && (
          <>
            <p className={data.good ? 'good-note' : 'bad-note'}>
              <Icon name={data.good ? 'check' : 'warning'} />
              <span>{data.good ? words.test.good : words.test.bad}</span>
            </p>
            <ul className="test-checks">
              {data.checks.map(({ name, good, detail }) => (
                <li key={name} className={good ? 'good' : 'bad'}>
                  <Icon name={good ? 'check' : 'cross'} />
                  <span>
                    <strong>
                      {name}
                      <span className="visually-hidden">{words.test.checked(good)}</span>
                    </strong>{' '}
                    <span className="break" lang="en">
                      {detail}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
