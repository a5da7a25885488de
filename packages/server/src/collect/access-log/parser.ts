import { UsageFault } from '../../model/fault.ts';
import type { LineParser, OpenOptions } from './format.ts';
import { ALIASES, REGISTRY } from './formats.ts';
import { UnwrappingParser } from './wrapper.ts';

export { type Detection, detectFormat } from './detect.ts';
export type { LineParser, OpenOptions, ParsedLine } from './format.ts';

/** Every format that can be asked for by name, for help output. */
export const FORMATS: readonly { name: string; title: string; example: string }[] = REGISTRY;

/**
 * A parser for the lines of one log in the format of that name (see FORMATS; usual other names such as `nginx` are
 * understood). Lines that syslog, docker or Kubernetes wrapped are read too. Throws UsageFault for an unknown name
 * or a template (`custom`) that makes no sense.
 */
export function openParser(format: string, options: OpenOptions = {}): LineParser {
  const wanted = format.toLowerCase();
  const name = ALIASES.get(wanted) ?? wanted;
  const found = REGISTRY.find((entry) => entry.name === name);
  if (found === undefined) {
    throw new UsageFault(
      `unknown log format ${JSON.stringify(format)}; known: ${REGISTRY.map((f) => f.name).join(', ')}`,
    );
  }
  return new UnwrappingParser(found.open(options));
}
