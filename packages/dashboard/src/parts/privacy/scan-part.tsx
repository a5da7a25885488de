import type { ScanAnswer } from '@vedette/contract';
import { describeError } from '../../api/client.ts';
import { useScan, useStartScan } from '../../api/privacy.ts';
import { lapse } from '../../model/format.ts';
import { stamp } from '../../model/times.ts';
import { text, privacy as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';
import { ScanFindings } from './scan-findings.tsx';
import { ScanPlaces } from './scan-places.tsx';

/** The last scan of the installation: how it stands, what was found and what it looked at. For operators. */
export function ScanPart({ admin }: { admin: boolean }) {
  const query = useScan();
  return (
    <>
      <Panel title={words.scan.title}>
        <div className="panel-body">
          <p className="muted">{words.scan.lead}</p>
          <Answered query={query}>
            {(scan) => (
              <>
                <ScanState scan={scan} />
                {admin && <StartScan scan={scan} />}
              </>
            )}
          </Answered>
        </div>
      </Panel>
      {query.data?.state === 'done' && (
        <>
          <ScanFindings findings={query.data.findings} />
          <ScanPlaces scan={query.data} />
        </>
      )}
    </>
  );
}

function ScanState({ scan }: { scan: ScanAnswer }) {
  const { state, started, finished, findings, error } = scan;
  const wrong = findings.filter(({ excepted }) => excepted === null).length;
  const [from, to] = [Date.parse(started ?? ''), Date.parse(finished ?? '')];
  return (
    <div className="scan-state" role="status">
      {state === 'never' && <p>{words.scan.never}</p>}
      {state === 'running' && (
        <p className="scan-running">
          <i aria-hidden="true" />
          {words.scan.running(stamp(from))}
        </p>
      )}
      {state === 'failed' && (
        <p className="bad-note">
          <Icon name="warning" />
          <span>{words.scan.failed(error ?? text.unknown)}</span>
        </p>
      )}
      {state === 'done' && (
        <>
          <p className={wrong === 0 ? 'good-note' : 'bad-note'}>
            <Icon name={wrong === 0 ? 'check' : 'warning'} />
            <span>{wrong === 0 ? words.scan.clean : words.scan.wrong(wrong)}</span>
          </p>
          <p className="muted">{words.scan.done(stamp(to), lapse((to - from) / 1000))}</p>
        </>
      )}
    </div>
  );
}

function StartScan({ scan: { state } }: { scan: ScanAnswer }) {
  const start = useStartScan();
  const running = state === 'running' || start.isPending;
  const failure = start.error === null ? null : describeError(start.error);
  return (
    <>
      <div className="button-row">
        <button type="button" className="button primary" disabled={running} onClick={() => start.mutate()}>
          {running ? words.scan.runningShort : state === 'never' ? words.scan.start : words.scan.again}
        </button>
      </div>
      {failure !== null && (
        <p className="form-error" role="alert">
          {failure.title} <span lang={failure.lang}>{failure.detail}</span>
        </p>
      )}
    </>
  );
}
