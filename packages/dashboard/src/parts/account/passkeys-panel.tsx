import type { Passkey } from '@vedette/contract';
import { useState } from 'react';
import { useAddPasskey, usePasskeys, useRemovePasskey, useRenamePasskey } from '../../api/account.ts';
import { useNow } from '../../state/clock.ts';
import { hasPasskeys } from '../../state/passkeys.ts';
import { showToast } from '../../state/toasts.ts';
import { account as words } from '../../text.ts';
import { Ago, At } from '../fact.tsx';
import { NameDialog } from '../name-dialog.tsx';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { MenuItem } from '../ui/menu.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ConfirmPassword } from './confirm-password.tsx';
import { RecoveryCodesDialog } from './recovery-codes.tsx';

type Asking = { what: 'add' } | { what: 'rename' | 'remove'; passkey: Passkey } | null;

/** The passkeys of the account: add, name, remove. */
export function PasskeysPanel() {
  const query = usePasskeys();
  const now = useNow(true);
  const [asking, setAsking] = useState<Asking>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => setAsking(null);
  const possible = hasPasskeys();
  return (
    <Panel
      title={words.passkeys.title}
      actions={
        <Button small icon="plus" disabled={!possible} onClick={() => setAsking({ what: 'add' })}>
          {words.passkeys.add}
        </Button>
      }
    >
      <p className="panel-note muted">{possible ? words.passkeys.lead : words.passkeys.insecure}</p>
      <DataTable
        label={words.passkeys.title}
        columns={columnsAt(now)}
        rows={query.data?.passkeys}
        rowKey={({ id }) => id}
        rowName={({ name }) => name}
        actions={(passkey) => (
          <>
            <MenuItem onSelect={() => setAsking({ what: 'rename', passkey })}>{words.passkeys.rename}</MenuItem>
            <MenuItem danger onSelect={() => setAsking({ what: 'remove', passkey })}>
              {words.passkeys.remove}
            </MenuItem>
          </>
        )}
        empty={<p className="empty-note">{words.passkeys.empty}</p>}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
      {asking?.what === 'add' && (
        <AddPasskey
          onAdded={(made) => {
            close();
            setCodes(made);
          }}
          onClose={close}
        />
      )}
      {asking?.what === 'rename' && <RenamePasskey passkey={asking.passkey} onClose={close} />}
      {asking?.what === 'remove' && <RemovePasskey passkey={asking.passkey} onClose={close} />}
      {codes !== null && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Panel>
  );
}

function AddPasskey({ onAdded, onClose }: { onAdded: (codes: string[] | null) => void; onClose: () => void }) {
  const [name, setName] = useState<string>(words.passkeys.suggested);
  const add = useAddPasskey();
  return (
    <ConfirmPassword
      title={words.passkeys.addTitle}
      action={words.passkeys.addAction}
      busy={add.isPending}
      error={add.error}
      ready={() => name.trim() !== ''}
      onConfirm={(confirmation) =>
        add.mutate(
          { ...confirmation, name: name.trim() },
          {
            onSuccess: ({ recovery_codes: codes }) => {
              showToast(words.passkeys.added(name.trim()));
              onAdded(codes);
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{words.passkeys.addLead}</p>
      <TextField
        label={words.passkeys.name}
        value={name}
        maxLength={100}
        help={words.passkeys.nameHelp}
        wrong={name.trim() === '' ? words.passkeys.nameWrong : undefined}
        onChange={setName}
      />
    </ConfirmPassword>
  );
}

function RenamePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const rename = useRenamePasskey();
  return (
    <NameDialog
      title={words.passkeys.renameTitle}
      label={words.passkeys.name}
      name={passkey.name}
      wrong={words.passkeys.nameWrong}
      action={words.passkeys.renameAction}
      busy={rename.isPending}
      error={rename.error}
      maxLength={100}
      onName={(name) =>
        rename.mutate(
          { id: passkey.id, name },
          {
            onSuccess: () => {
              showToast(words.passkeys.renamed(name));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

function RemovePasskey({ passkey: { id, name }, onClose }: { passkey: Passkey; onClose: () => void }) {
  const remove = useRemovePasskey();
  return (
    <ConfirmPassword
      title={words.passkeys.removeTitle(name)}
      action={words.passkeys.removeAction}
      dangerous
      busy={remove.isPending}
      error={remove.error}
      onConfirm={(confirmation) =>
        remove.mutate(
          { id, ...confirmation },
          {
            onSuccess: () => {
              showToast(words.passkeys.removed(name));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{words.passkeys.removeLead}</p>
    </ConfirmPassword>
  );
}

function columnsAt(now: number): DataColumn<Passkey>[] {
  const { columns, synced: onSeveral, single, never } = words.passkeys;
  return [
    { id: 'name', title: columns.name, wide: true, show: ({ name }) => name },
    { id: 'kind', title: columns.kind, show: ({ synced }) => (synced ? onSeveral : single) },
    { id: 'created', title: columns.created, show: ({ created }) => <At time={created} /> },
    { id: 'used', title: columns.used, show: ({ last_used: used }) => <Ago time={used} now={now} none={never} /> },
  ];
}
