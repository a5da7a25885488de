import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '../model/fault.ts';
import type { ThreadAnswer } from './crew.ts';
import { type BlockJob, type LaneSettings, Lanes } from './lane.ts';

// One thread of the report: answers each message, in order, by a result or the fault that kept it from one. A block
// is answered by what became of its lines, `finish` by the tallies of the lanes.
const port = parentPort;
if (port === null) throw new Fault('report-thread', 'lane-worker.ts runs as a worker thread');
const opening = Lanes.open(workerData as LaneSettings);
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

port.on('message', (message: BlockJob | 'finish') => {
  void answer(message).then((reply) => port.postMessage(reply));
});
