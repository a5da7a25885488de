import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** The hub's log on standard output: JSON lines, or readable text on a terminal. */
export function openLog(config: Pick<Config, 'logFormat' | 'logLevel'>, isTerminal: boolean): Logger {
  const options = { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const readable = config.logFormat === 'pretty' || (config.logFormat === 'auto' && isTerminal);
  if (!readable) return pino(options, pino.destination({ fd: 1, sync: true }));
  return pino(options, pretty({ colorize: isTerminal, translateTime: 'SYS:HH:MM:ss', destination: 1, sync: true }));
}
