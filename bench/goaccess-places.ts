import { readFileSync, writeFileSync } from 'node:fs';
import { bundledFiles } from '../packages/server/src/enrich/geo-files.ts';
import { Mmdb } from '../packages/server/src/enrich/mmdb.ts';
import { textAt } from '../packages/server/src/enrich/mmdb-decoder.ts';

// GoAccess reads the nested layout of GeoLite2 only; the DB-IP file that comes with the install is flat. Without this
// it would find "Unknown" everywhere and be spared the work that the comparison is about.

const CONTINENTS: Record<string, string> = {
  AF: 'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  AN: 'AQ BV GS HM TF',
  AS: 'AE AF AM AZ BD BH BN BT CC CN CX CY GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE',
  EU: 'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK',
  NA: 'AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI',
  OC: 'AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS',
  SA: 'AR BO BR CL CO EC FK GF GY PE PY SR UY VE',
};

/** Writes the bundled IPv4 places to `path` in the layout of GeoLite2-City: the same tree, nested records. */
export function nestPlaces(path: string): void {
  const source = bundledFiles().place4;
  const bytes = readFileSync(source);
  const database = new Mmdb(bytes, source);
  const { nodeCount: nodes, recordSize } = database.info;
  if (recordSize !== 28) throw new Error(`${source} has records of ${recordSize} bits`);
  const tree = Buffer.from(bytes.subarray(0, nodes * 7));
  const dataStart = nodes * 7 + 16;
  const data = new DataSection();
  const moved = new Map<number, number>();
  for (let node = 0; node < nodes; node++) {
    for (const side of [0, 1] as const) {
      const value = readRecord(tree, node, side);
      if (value <= nodes) continue;
      let offset = moved.get(value);
      if (offset === undefined) {
        const record = database.record(dataStart + value - nodes - 16);
        offset = data.place(textAt(record, 'country_code'), textAt(record, 'state1'), textAt(record, 'city'));
        moved.set(value, offset);
      }
      writeRecord(tree, node, side, nodes + 16 + offset);
    }
  }
  const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
  writeFileSync(path, Buffer.concat([tree, Buffer.alloc(16), data.bytes(), marker, metadata(nodes)]));
}

function readRecord(tree: Buffer, node: number, side: 0 | 1): number {
  const at = node * 7;
  const middle = tree[at + 3] as number;
  return side === 0
    ? ((middle >> 4) << 24) | tree.readUIntBE(at, 3)
    : ((middle & 15) << 24) | tree.readUIntBE(at + 4, 3);
}

function writeRecord(tree: Buffer, node: number, side: 0 | 1, value: number): void {
  const at = node * 7;
  const middle = tree[at + 3] as number;
  tree.writeUIntBE(value & 0xffffff, side === 0 ? at : at + 4, 3);
  tree[at + 3] = side === 0 ? ((value >> 24) << 4) | (middle & 15) : (middle & 0xf0) | (value >> 24);
}

/** The data section of a MaxMind DB; what repeats is written once and pointed to. */
class DataSection {
  readonly #parts: Buffer[] = [];
  #length = 0;
  readonly #known = new Map<string, number>();
  readonly #continents = new Map<string, string>();

  constructor() {
    for (const [code, countries] of Object.entries(CONTINENTS)) {
      for (const country of countries.split(' ')) this.#continents.set(country, code);
    }
  }

  /** Offset of the record of a place. */
  place(country: string, region: string, city: string): number {
    const continent = this.#continents.get(country) ?? '';
    const parts: Buffer[] = [];
    if (city !== '') parts.push(string('city'), this.#named('', city));
    if (continent !== '') parts.push(string('continent'), this.#named(continent, continent, 'code'));
    if (country !== '') parts.push(string('country'), this.#named(country, country, 'iso_code'));
    if (region !== '') parts.push(string('subdivisions'), Buffer.from([0x01, 0x04]), this.#named('', region));
    return this.#add(
      `${country}\n${region}\n${city}`,
      Buffer.concat([map(parts.length / 2 + (region === '' ? 0 : -0.5)), ...parts]),
    );
  }

  /** A pointer to `{<codeName>: code, names: {en: name}}`. */
  #named(code: string, name: string, codeName = ''): Buffer {
    const names = Buffer.concat([string('names'), map(1), string('en'), string(name)]);
    const own = codeName === '' ? [map(1)] : [map(2), string(codeName), string(code)];
    return pointer(this.#add(`${codeName}\n${code}\n${name}`, Buffer.concat([...own, names])));
  }

  #add(key: string, bytes: Buffer): number {
    let offset = this.#known.get(key);
    if (offset === undefined) {
      offset = this.#length;
      this.#known.set(key, offset);
      this.#parts.push(bytes);
      this.#length += bytes.length;
    }
    return offset;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function map(entries: number): Buffer {
  return Buffer.from([(7 << 5) | entries]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 284) throw new Error(`"${text}" is too long`);
  const head = bytes.length < 29 ? [(2 << 5) | bytes.length] : [(2 << 5) | 29, bytes.length - 29];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** A pointer of four bytes. */
function pointer(offset: number): Buffer {
  const bytes = Buffer.from([(1 << 5) | (3 << 3), 0, 0, 0, 0]);
  bytes.writeUInt32BE(offset, 1);
  return bytes;
}

function metadata(nodes: number): Buffer {
  const count = Buffer.alloc(5);
  count[0] = (6 << 5) | 4;
  count.writeUInt32BE(nodes, 1);
  const short = (value: number) => Buffer.from([(5 << 5) | 1, value]);
  const entries: [string, Buffer][] = [
    ['binary_format_major_version', short(2)],
    ['binary_format_minor_version', short(0)],
    ['build_epoch', Buffer.from([4, 2, 0x60, 0x00, 0x00, 0x00])],
    ['database_type', string('DBIP-City')],
    ['description', Buffer.concat([map(1), string('en'), string('DB-IP City Lite, nested')])],
    ['ip_version', short(4)],
    ['languages', Buffer.concat([Buffer.from([1, 4]), string('en')])],
    ['node_count', count],
    ['record_size', short(28)],
  ];
  return Buffer.concat([map(entries.length), ...entries.flatMap(([name, value]) => [string(name), value])]);
}
