/** The streams a command works on; tests pass their own. */
export interface Io {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
}

/** One `vedette NAME`. `run` resolves to the exit code: 0 good, 1 the work failed; a UsageFault thrown becomes 2. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The whole help text of `vedette NAME --help`. */
  usage: string;
  run(argv: readonly string[], io: Io): Promise<number>;
}
