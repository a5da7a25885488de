import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** The hub's log on standard output: JSON lines, or readable text on a terminal. */
export function openLog(config: Pick<Config, 'logFormat' | 'logLevel'>, isTerminal: boolean): Logger {
  const options = {
    serializers: { err: describeError },
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const readable = config.logFormat === 'pretty' || (config.logFormat === 'auto' && isTerminal);
  if (!readable) return pino(options, pino.destination({ fd: 1, sync: true }));
  return pino(options, pretty({ colorize: isTerminal, translateTime: 'SYS:HH:MM:ss', destination: 1, sync: true }));
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
