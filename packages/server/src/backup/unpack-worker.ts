import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../model/fault.ts';
import { fileSource } from './archive-reader.ts';
import { unpack } from './unpack.ts';
import type { UnpackJob, UnpackMessage } from './unpacker.ts';

// The thread that unpacks an archive: it shows the manifest, is told the directory, tells how far it is, and ends by
// saying that all is there or what kept it from that.
const port = parentPort;
if (port === null) throw new Fault('unpack-thread', 'unpack-worker.ts runs as a worker thread');
const tell = (message: UnpackMessage) => port.postMessage(message);

/** Bytes between two messages. */
const TOLD_EACH = 1024 * 1024;

async function run({ path, resume }: UnpackJob): Promise<void> {
  const file = await open(path, 'r');
  try {
    let last = 0;
    await unpack(fileSource(file, (await file.stat()).size), {
      resume,
      async begin(manifest) {
        tell({ manifest });
        const [directory] = (await once(port as NonNullable<typeof port>, 'message')) as [string];
        return directory;
      },
      told(bytes) {
        if (bytes - last < TOLD_EACH) return;
        last = bytes;
        tell({ bytes });
      },
    });
  } finally {
    await file.close();
  }
}

run(workerData as UnpackJob).then(
  () => tell({ done: true }),
  // Errors lose what they say beside their message between threads.
  (error: NodeJS.ErrnoException) => {
    const { code, message, syscall } = error;
    tell({ error, told: { code, message, syscall, fault: error instanceof Fault } });
  },
);
