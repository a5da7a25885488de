import type { ApiKey, RotatedKey } from '@vedette/contract';
import { useState } from 'react';
import { useRevokeKey, useRotateKey } from '../../api/keys.ts';
import { ago } from '../../model/times.ts';
import { useNow } from '../../state/clock.ts';
import { showToast } from '../../state/toasts.ts';
import { keys as words } from '../../text.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { SelectField } from '../ui/select.tsx';
import { nameOf } from './key-table.tsx';

type Overlap = keyof typeof words.rotate.overlaps;
const OVERLAPS: readonly Overlap[] = ['1h', '24h', '7d', '0s'];

interface RotateProps {
  apiKey: ApiKey;
  onRotated: (made: RotatedKey) => void;
  onClose: () => void;
}

/** Makes a key that follows another, which stays good for a while. */
export function RotateKey({ apiKey, onRotated, onClose }: RotateProps) {
  const [overlap, setOverlap] = useState<Overlap>('24h');
  const rotate = useRotateKey();
  return (
    <ConfirmDialog
      title={words.rotate.title(nameOf(apiKey))}
      action={words.rotate.action}
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate({ id: apiKey.id, overlap }, { onSuccess: onRotated })}
      onClose={onClose}
    >
      <p>{words.rotate.lead}</p>
      <SelectField
        label={words.rotate.overlap}
        value={overlap}
        options={OVERLAPS.map((value) => ({ value, label: words.rotate.overlaps[value] }))}
        onChange={setOverlap}
      />
    </ConfirmDialog>
  );
}

export function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeKey();
  const now = useNow(true);
  const { used } = apiKey;
  return (
    <ConfirmDialog
      title={words.revoke.title(nameOf(apiKey))}
      action={words.revoke.action}
      dangerous
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() =>
        revoke.mutate(apiKey.id, {
          onSuccess: () => {
            showToast(words.revoke.done(nameOf(apiKey)));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.revoke.lead}</p>
      {used !== null && <p>{words.revoke.used(ago(Date.parse(used), now))}</p>}
    </ConfirmDialog>
  );
}
