import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from './config.ts';

/** Of lines that cannot be written, on a disk that is full say: so much is kept until they can; beyond it they are missing. */
const KEPT_BYTES = 1024 * 1024;

/** The hub's log on standard output: JSON lines, or readable text on a terminal. That it cannot be written ends no hub. */
export function openLog(config: Pick<Config, 'logFormat' | 'logLevel'>, isTerminal: boolean): Logger {
  const options = {
    serializers: { err: describeError },
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const output = pino.destination({ fd: 1, sync: true, maxLength: KEPT_BYTES });
  const readable = config.logFormat === 'pretty' || (config.logFormat === 'auto' && isTerminal);
  const log = pino(options, readable ? readableTo(output, isTerminal) : output);
  let missing = 0;
  output.on('error', () => undefined);
  output.on('drop', () => {
    missing += 1;
  });
  output.on('drain', () => {
    if (missing === 0) return;
    const lines = missing;
    missing = 0;
    log.warn({ lines }, 'lines of this log are missing here: they could not be written');
  });
  return log;
}

function readableTo(output: DestinationStream, colorize: boolean): DestinationStream {
  const pretty = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss' });
  return { write: (line) => output.write(pretty(line)) };
}

/** What a line of the log says of an error. */
interface ErrorFigures {
  type: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: ErrorFigures;
}

/** How deep causes go that are written. */
const MOST_CAUSES = 5;

/**
 * An error as the log has it: what it is and where it came from. Its other properties are left out: libraries hang what they
 * were working with on their errors, connections with their keys among it.
 */
export function describeError(error: unknown, depth = 0): ErrorFigures {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, 1000) };
  const { code } = error as { code?: unknown };
  return {
    type: error.constructor.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= MOST_CAUSES ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
