import { type FormEvent, useEffect, useRef, useState } from 'react';
import { bytes } from '../model/format.ts';
import { type ImportQueue, useImportQueue } from '../state/import-queue.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { FileButton } from './file-button.tsx';
import { Icon } from './icon.tsx';
import { ImportItemView } from './import-item.tsx';

interface Props {
  /** Files to begin with; a new list is added to the ones there are. */
  files: readonly File[];
  /** After each file that was stored. */
  onStored: () => void;
  onClose: () => void;
}

/** Chooses log files, sends them, and shows what became of every line. */
export function ImportDialog({ files, onStored, onClose }: Props) {
  const { tenant } = useView();
  const dialog = useRef<HTMLDialogElement>(null);
  const [domain, setDomain] = useState('');
  const queue = useImportQueue(onStored);
  const added = useRef<readonly File[] | null>(null);
  const { add } = queue;

  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  useEffect(() => {
    if (added.current === files) return;
    added.current = files;
    add(files);
  });

  const waiting = queue.items.some(({ state }) => state === 'waiting');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void queue.start({ tenant: tenant.id, domain: domain.trim() });
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="import-title"
      onCancel={(event) => {
        // Escape must not break off an import by accident.
        if (queue.running) event.preventDefault();
      }}
      onClose={onClose}
    >
      <form onSubmit={submit}>
        <header className="dialog-head">
          <h2 id="import-title">{text.import.title}</h2>
          <span className="muted">{text.import.into(tenant.name || tenant.slug)}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={text.import.close}
            title={text.import.close}
            disabled={queue.running}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="cross" />
          </button>
        </header>
        {queue.items.length === 0 ? (
          <NoFiles onFiles={add} />
        ) : (
          <Files queue={queue} onShow={() => dialog.current?.close()} />
        )}
        {waiting && !queue.running && <DomainField value={domain} onChange={setDomain} />}
        {queue.items.length > 0 && <DialogFoot queue={queue} onClose={() => dialog.current?.close()} />}
      </form>
    </dialog>
  );
}

function NoFiles({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  return (
    <div className="welcome-drop">
      <Icon name="upload" />
      <strong>{text.import.dropHere}</strong>
      <span className="muted">{text.import.dropHelp}</span>
      <FileButton className="button primary" onFiles={onFiles}>
        {text.import.choose}
      </FileButton>
    </div>
  );
}

function Files({ queue, onShow }: { queue: ImportQueue; onShow: () => void }) {
  return (
    <ul className="import-items">
      {queue.items.map((item) => (
        <ImportItemView
          key={item.id}
          item={item}
          size={bytes(item.file.size)}
          onRemove={() => queue.remove(item.id)}
          onShow={onShow}
        />
      ))}
    </ul>
  );
}

function DialogFoot({ queue, onClose }: { queue: ImportQueue; onClose: () => void }) {
  if (queue.running) {
    return (
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={queue.cancel}>
          {text.import.cancel}
        </button>
      </footer>
    );
  }
  return (
    <footer className="dialog-foot">
      <FileButton className="button" onFiles={queue.add}>
        {text.import.add}
      </FileButton>
      {queue.items.some(({ state }) => state === 'waiting') ? (
        <button type="submit" className="button primary">
          {text.import.start}
        </button>
      ) : (
        <button type="button" className="button primary" onClick={onClose}>
          {text.import.close}
        </button>
      )}
    </footer>
  );
}

function DomainField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label className="field">
      {text.import.domain}
      <input
        type="text"
        value={value}
        placeholder={text.import.domainPlaceholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <small className="muted">{text.import.domainHelp}</small>
    </label>
  );
}
