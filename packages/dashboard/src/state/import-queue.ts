import type { ImportResult } from '@vedette/contract';
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../api/client.ts';
import { type Upload, type UploadProgress, upload } from '../api/upload.ts';

export interface ImportItem {
  id: number;
  file: File;
  state: 'waiting' | 'sending' | 'done' | 'failed' | 'cancelled';
  progress: UploadProgress;
  result?: ImportResult;
  problem?: Problem;
}

export interface ImportQueue {
  items: readonly ImportItem[];
  running: boolean;
  add(files: readonly File[]): void;
  remove(id: number): void;
  /** Sends what waits, one file after the other. */
  start(options: { tenant: string; domain: string }): Promise<void>;
  /** Breaks off the file under way and leaves the others waiting. */
  cancel(): void;
}

/** The files of the import dialog and what became of each. `onStored` is called after every file that was taken in. */
export function useImportQueue(onStored: () => void): ImportQueue {
  const [items, setItems] = useState<readonly ImportItem[]>([]);
  const [running, setRunning] = useState(false);
  const current = useRef<Upload | null>(null);
  const stopped = useRef(false);
  const counter = useRef(0);
  useEffect(() => () => current.current?.cancel(), []);

  const change = (id: number, part: Partial<ImportItem>) =>
    setItems((before) => before.map((item) => (item.id === id ? { ...item, ...part } : item)));

  const send = async (item: ImportItem, options: { tenant: string; domain: string }) => {
    change(item.id, { state: 'sending' });
    const under = upload(item.file, options, (progress) => change(item.id, { progress }));
    current.current = under;
    try {
      change(item.id, { state: 'done', result: await under.done });
      onStored();
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, String(error), '');
      change(item.id, { state: problem.status === -1 ? 'cancelled' : 'failed', problem });
    }
    current.current = null;
  };

  return {
    items,
    running,
    add: (files) => {
      const added = files.map(
        (file) => ({ id: counter.current++, file, state: 'waiting', progress: { sent: 0, lines: 0 } }) as const,
      );
      setItems((before) => [...before, ...added]);
    },
    remove: (id) => setItems((before) => before.filter((item) => item.id !== id)),
    start: async (options) => {
      stopped.current = false;
      setRunning(true);
      for (const item of items) if (item.state === 'waiting' && !stopped.current) await send(item, options);
      setRunning(false);
    },
    cancel: () => {
      stopped.current = true;
      current.current?.cancel();
    },
  };
}
