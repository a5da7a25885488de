import { useEffect, useRef, useState } from 'react';
import { bytes } from '../model/format.ts';
import { type ImportQueue, useImportQueue } from '../state/import-queue.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { DropBox } from './drop-box.tsx';
import { FileButton } from './file-button.tsx';
import { ImportItemView } from './import-item.tsx';
import { Dialog } from './ui/dialog.tsx';
import { LongList } from './ui/long-list.tsx';
import { MOST_ROWS } from './ui/virtual-rows.tsx';

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
  const [domain, setDomain] = useState('');
  const queue = useImportQueue(onStored);
  const added = useRef<readonly File[] | null>(null);
  const { add } = queue;

  useEffect(() => {
    if (added.current === files) return;
    added.current = files;
    add(files);
  });

  const waiting = queue.items.some(({ state }) => state === 'waiting');
  return (
    <Dialog
      title={text.import.title}
      of={text.import.into(tenant.name || tenant.slug)}
      wide
      // Escape must not break off an import by accident.
      busy={queue.running}
      closeLabel={text.import.close}
      onSubmit={() => void queue.start({ tenant: tenant.id, domain: domain.trim() })}
      onClose={onClose}
      foot={queue.items.length > 0 && <DialogFoot queue={queue} onClose={onClose} />}
    >
      {queue.items.length === 0 ? (
        <DropBox title={text.import.dropHere} help={text.import.dropHelp} choose={text.import.choose} onFiles={add} />
      ) : (
        <Files queue={queue} onShow={onClose} />
      )}
      {waiting && !queue.running && <DomainField value={domain} onChange={setDomain} />}
    </Dialog>
  );
}

function Files({ queue, onShow }: { queue: ImportQueue; onShow: () => void }) {
  const [space, setSpace] = useState<HTMLElement | null>(null);
  return (
    <div className={queue.items.length > MOST_ROWS ? 'import-space long' : 'import-space'} ref={setSpace}>
      <LongList
        label={text.import.files}
        className="import-items"
        rows={queue.items}
        rowKey={({ id }) => String(id)}
        itemClass={({ state }) => `import-item ${state}`}
        space={space}
      >
        {(item) => (
          <ImportItemView
            item={item}
            size={bytes(item.file.size)}
            onRemove={() => queue.remove(item.id)}
            onShow={onShow}
          />
        )}
      </LongList>
    </div>
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
