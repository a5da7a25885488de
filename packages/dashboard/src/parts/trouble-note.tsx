import { useDisk } from '../api/disk.ts';
import { bytes } from '../model/format.ts';
import { text, ui } from '../text.ts';
import { Icon } from './icon.tsx';

/** Says once, above everything that is shown, that the hub does not answer. */
export function UnreachableNote() {
  return (
    <div className="error-note trouble" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{text.error.unreachable}</strong>
        <p>{text.error.unreachableLead}</p>
      </div>
    </div>
  );
}

/** Says that the disk of the hub is nearly full: to operators from the warning on, to everybody once nothing is taken in. */
export function DiskNote({ tenant, operator }: { tenant: string; operator: boolean }) {
  const { state, disk } = useDisk(tenant, operator);
  const stopped = state === 'stopped' || state === 'full';
  if (!stopped && !(operator && state === 'low')) return null;
  const words = ui.disk;
  return (
    <div className="error-note trouble" role={stopped ? 'alert' : 'status'}>
      <Icon name="warning" />
      <div>
        <strong>{stopped ? words.stopped : words.low}</strong>
        {disk !== null && <p>{words.room(bytes(disk.free), bytes(disk.size), bytes(disk.stop))}</p>}
        <p>{operator ? words.operatorLead : words.lead}</p>
      </div>
    </div>
  );
}
