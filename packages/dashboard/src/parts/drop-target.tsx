import { useEffect, useState } from 'react';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

/** Takes files dropped anywhere on the page, and says so while they hover. */
export function DropTarget({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const on = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) =>
      window.addEventListener(name, listener, { signal: stop.signal });
    on('dragenter', (event) => {
      if (hasFiles(event)) setOver(true);
    });
    on('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    on('drop', (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
    });
    return () => stop.abort();
  }, [onFiles]);
  if (!over) return null;
  return (
    <div className="drop-target">
      <div>
        <Icon name="upload" />
        <strong>{text.import.drop}</strong>
        <span>{text.import.dropHelp}</span>
      </div>
    </div>
  );
}
