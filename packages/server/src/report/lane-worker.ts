import { parentPort, workerData } from 'node:worker_threads';
import type { FileContents } from '../enrich/geo-files.ts';
import { Fault } from '../model/fault.ts';
import type { ThreadAnswer } from './crew.ts';
import { type BlockJob, type LaneSettings, Lanes } from './lane.ts';

// One thread of the report. It is told once what the files hold that all threads share, and opens the local data with
// it. Each other message it answers, in order, by a result or the fault that kept it from one: a block by what became
// of its lines, `finish` by the tallies of the lanes.
const port = parentPort;
if (port === null) throw new Fault('report-thread', 'lane-worker.ts runs as a worker thread');
let begin = (_contents: FileContents): void => {};
const opening = new Promise<FileContents>((resolve) => {
  begin = resolve;
}).then((contents) => Lanes.open(workerData as LaneSettings, contents));
// A fault of opening is told in answer to a message, not before there is one.
opening.catch(() => {});

async function answer(message: BlockJob | 'finish'): Promise<ThreadAnswer> {
  try {
    const lanes = await opening;
    return { result: message === 'finish' ? lanes.finish() : lanes.read(message) };
  } catch (error) {
    // Errors lose their code between threads.
    if (error instanceof Fault) return { fault: { code: error.code, message: error.message } };
    throw error;
  }
}

port.on('message', (message: BlockJob | 'finish' | FileContents) => {
  if (message instanceof Map) return begin(message);
  void answer(message as BlockJob | 'finish').then((reply) => port.postMessage(reply));
});
