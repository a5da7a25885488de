import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isRefusal, type RawRequest } from '../../model/request.ts';
import { detectFormat, openParser, type ParsedLine } from './parser.ts';
import { type ExpectedLog, LOGS } from './real-logs.fixture.ts';
import { sharedLogs } from './shared-logs.fixture.ts';

const shared = sharedLogs(process.env['VEDETTE_SHARED']);

/** Files beside them that are no access logs. */
const OTHERS: Record<string, string> = {
  'README.md': 'describes the collection',
  'apache-error.farmwork.log': 'an error log',
  'nginx-error.meatlabel.app.a.log.gz': 'an error log',
  'crowdsec-parsers.jsonl.gz': 'test cases wrapped in JSON, see crowdsec.test.ts',
  'zeek-http.baselines.jsonl.gz': 'logs wrapped in JSON, see below',
};

function parseAll(name: string, format: string): ParsedLine[] {
  const parser = openParser(format);
  return shared.lines(name).map((line) => parser.parse(line));
}

const isRecord = (parsed: ParsedLine): parsed is RawRequest => parsed !== null && !isRefusal(parsed);

/** Lines the regular expression below cannot read, though nothing is lost in them. */
const BEYOND: Record<string, [count: number, why: string]> = {
  'clf-nasa-201701.log.gz': [2, 'a quote within the path, which servers of 1995 did not escape'],
  'clf-nasa-201702.log.gz': [2, 'a quote within the path'],
  'clf-nasa-201703.log.gz': [1, 'a quote within the path'],
  'nginx-combined.meatlabel.app.2025-12.log.gz': [1, 'shell commands with spaces and brackets as the user name'],
};

/** Quoted text with backslash escapes; slower than the scanner and written apart from it. */
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const LINE = new RegExp(
  `^(?:\\S+:\\d+ )?(\\S+) \\S+ \\S+ \\[(\\d\\d)/(\\w{3})/(\\d{4}):([\\d:]{8}) ([+-]\\d{4})\\] ${QUOTED} (\\d{3}) (\\d+|-)(?: ${QUOTED} ${QUOTED})?`,
);

describe.runIf(shared.found)('real access logs', () => {
  it('are all accounted for', () => {
    expect([...Object.keys(LOGS), ...Object.keys(OTHERS)].sort()).toEqual(readdirSync(shared.directory).sort());
  });

  it.each(Object.entries(LOGS))('%s', (name, { format, accepted, passedOver, rejected }) => {
    const lines = shared.lines(name);
    expect(detectFormat(lines)).toMatchObject({ format });
    const parsed = parseAll(name, format);
    const refusals = parsed.flatMap((entry, i) => (entry !== null && isRefusal(entry) ? [[i + 1, entry.refused]] : []));
    expect(refusals).toEqual((rejected ?? []).map(([line, reason]) => [line, reason]));
    expect(parsed.filter((entry) => entry === null)).toHaveLength(passedOver?.[0] ?? 0);
    expect(parsed.filter(isRecord)).toHaveLength(accepted);
  });

  it.each(['apache-error.farmwork.log', 'nginx-error.meatlabel.app.a.log.gz'])('%s is not taken for one', (name) => {
    expect(detectFormat(shared.lines(name))).toMatchObject({ refused: 'unknown-format' });
  });

  // A regular expression reads the same lines: another way to the same fields.
  it.each(Object.keys(LOGS).filter((name) => /^(?:advertools|apache-(?:common|combined|vhost)|clf|nginx)/.test(name)))(
    '%s agrees with a regular expression, field by field',
    (name) => {
      const { format } = LOGS[name] as ExpectedLog;
      const parser = openParser(format);
      let compared = 0;
      let unread = 0;
      let differences = 0;
      for (const line of shared.lines(name)) {
        const found = LINE.exec(line);
        const parsed = parser.parse(line);
        if (!isRecord(parsed)) continue;
        if (found === null) {
          unread++;
          continue;
        }
        compared++;
        const [, client, day, month, year, clock, zone, request, status, bytes, referrer, agent] =
          found as unknown as string[];
        const http = /^([A-Za-z]\S*) (\/.*?)(?: HTTP\/\d(?:\.\d)?)?$/.exec(request as string);
        const escaped = /\\/.test(line);
        const same =
          parsed.time === Date.parse(`${day} ${month} ${year} ${clock} ${zone}`) &&
          (parsed.clientAddress === client || /[a-z]/i.test(client as string)) &&
          parsed.status === Number(status) &&
          parsed.bytesOut === (bytes === '-' ? 0 : Number(bytes)) &&
          (http === null || parsed.method === http[1]) &&
          (http === null || escaped || parsed.path + (http[2]?.includes('?') ? `?${parsed.query}` : '') === http[2]) &&
          (escaped || (parsed.userAgent ?? undefined) === (agent === '-' ? '' : agent)) &&
          (escaped || parsed.referrer === (referrer === '-' || referrer === undefined ? '' : referrer));
        if (!same) differences++;
      }
      const beyond = BEYOND[name]?.[0] ?? 0;
      expect([compared, unread, differences]).toEqual([(LOGS[name] as ExpectedLog).accepted - beyond, beyond, 0]);
    },
  );

  it('read binary garbage in request lines as requests without a method', () => {
    const name = 'nginx-combined.meatlabel.app.2025-12.log.gz';
    const lines = shared.lines(name);
    const parsed = parseAll(name, 'combined') as RawRequest[];
    const garbage = lines.flatMap((line, i) => (/\] "(?:\\x|-?")/.test(line) ? [parsed[i] as RawRequest] : []));
    expect(garbage.length).toBeGreaterThan(50);
    for (const { method, path, status } of garbage) {
      expect([method, path]).toEqual(['', '']);
      expect([400, 408]).toContain(status);
    }
    for (const { path, userAgent, referrer } of parsed)
      expect(path + userAgent + referrer).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  it('read the columns of the comma-separated form', () => {
    const name = 'apache-csv2mysql.farmfreshsoftware.log.gz';
    const lines = shared.lines(name);
    const parsed = parseAll(name, 'apache-csv') as RawRequest[];
    const number = '(\\d+|-)';
    const columns = new RegExp(
      `^([^,]*),\\d+,([^,]*),.*?,\\[([^\\]]+)\\],${number},${number},${number},${number},${number},${number},${number},(\\d{3}|-),${QUOTED},${QUOTED},${QUOTED},${QUOTED},${QUOTED},${QUOTED},`,
    );
    for (const [i, line] of lines.entries()) {
      const found = columns.exec(line) as unknown as string[];
      const record = parsed[i] as RawRequest;
      expect([
        record.host,
        record.clientAddress,
        record.bytesIn,
        record.bytesOut,
        record.durationUs,
        record.status,
      ]).toEqual([found[1], found[2], Number(found[4]), Number(found[7]), Number(found[9]), Number(found[11])]);
    }
  });

  it('give the same from both forms of one Zeek capture', () => {
    const json = parseAll('zeek-http.rita-valid.json.log.gz', 'zeek-json');
    const tsv = parseAll('zeek-http.rita-valid.tsv.log.gz', 'zeek').filter(isRecord);
    expect(tsv.slice(0, json.length)).toEqual(json);
  });

  it("read Zeek's own baselines", () => {
    let files = 0;
    for (const wrapped of shared.lines('zeek-http.baselines.jsonl.gz')) {
      const { file, text } = JSON.parse(wrapped) as { file: string; text: string };
      const isJson = file.endsWith('.json');
      const parser = openParser(isJson ? 'zeek-json' : 'zeek');
      // Zeek masks times in its baselines; tests that print chosen columns only have neither header nor time.
      const lines = text.replaceAll('XXXXXXXXXX.XXXXXX', '1760104536.078555').split('\n');
      const isWhole = isJson || lines.some((line) => line.startsWith('#fields'));
      files += isWhole ? 1 : 0;
      for (const line of lines) {
        const parsed = parser.parse(line);
        if (line === '' || (line.startsWith('#') && !isJson)) expect(parsed).toBeNull();
        else if (line.startsWith('#')) expect(parsed).toMatchObject({ refused: 'not-a-record' });
        else if (!isWhole) expect(parsed).toMatchObject({ refused: 'no-fields' });
        else expect(isRecord(parsed) && JSON.stringify(parsed)).toMatch(/^(?!.*1234")/);
      }
    }
    expect(files).toBe(36);
  });
});
