import { parseCidr } from '../../src/model/cidr.ts';

/** A value a test database can hold: numbers are written as uint32. */
export type WritableValue = string | number | WritableValue[] | { [key: string]: WritableValue };

interface Node {
  left: Node | number | null;
  right: Node | number | null;
}

/**
 * Writes a MaxMind DB (format 2.0, record size 28) from blocks and their records; later blocks win over earlier ones.
 * IPv4 blocks go into an IPv6 tree under ::/96, as the format wants. For tests: nothing is shared or compressed.
 */
export function writeMmdb(
  blocks: [string, WritableValue][],
  options: { type?: string; built?: number; ipVersion?: 4 | 6; padding?: number } = {},
): Buffer {
  const ipVersion = options.ipVersion ?? 6;
  const root: Node = { left: null, right: null };
  const data: Buffer[] = [];
  let dataSize = 0;
  for (const [text, value] of blocks) {
    const cidr = parseCidr(text);
    if (!cidr) throw new Error(`${text} is not a block`);
    const bytes = encode(value);
    insert(root, bitsOf(cidr.words, cidr.family, cidr.bits, ipVersion), dataSize);
    data.push(bytes);
    dataSize += bytes.length;
  }
  const nodes: Node[] = [];
  const numbers = new Map<Node, number>();
  const visit = (node: Node): void => {
    numbers.set(node, nodes.push(node) - 1);
    for (const child of [node.left, node.right]) if (typeof child === 'object' && child) visit(child);
  };
  visit(root);
  const record = (child: Node | number | null): number =>
    child === null
      ? nodes.length
      : typeof child === 'number'
        ? nodes.length + 16 + child
        : (numbers.get(child) as number);
  const tree = Buffer.alloc(nodes.length * 7);
  nodes.forEach((node, i) => {
    const left = record(node.left);
    const right = record(node.right);
    tree.writeUIntBE(left & 0xffffff, i * 7, 3);
    tree[i * 7 + 3] = ((left >>> 24) << 4) | (right >>> 24);
    tree.writeUIntBE(right & 0xffffff, i * 7 + 4, 3);
  });
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor((options.built ?? Date.UTC(2026, 0, 1)) / 1000),
    database_type: options.type ?? 'Test',
    description: {},
    ip_version: ipVersion,
    languages: [],
    node_count: nodes.length,
    record_size: 28,
  });
  const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.alloc(options.padding ?? 0), marker, metadata]);
}

function bitsOf(words: Uint32Array, family: 4 | 6, bits: number, ipVersion: 4 | 6): number[] {
  const all: number[] = [];
  for (const word of words) for (let bit = 31; bit >= 0; bit--) all.push((word >>> bit) & 1);
  if (family === 6) return all.slice(0, bits);
  return all.slice(ipVersion === 4 ? 96 : 0, 96 + bits);
}

function insert(root: Node, bits: number[], value: number): void {
  let node = root;
  bits.forEach((bit, i) => {
    const side = bit ? 'right' : 'left';
    if (i === bits.length - 1) {
      node[side] = value;
      return;
    }
    const child = node[side];
    if (typeof child === 'object' && child) node = child;
    else {
      const split: Node = { left: child, right: child };
      node[side] = split;
      node = split;
    }
  });
}

function encode(value: WritableValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, item]) => [encode(key), encode(item)])]);
}

function control(type: number, size: number): Buffer {
  const low = size < 29 ? size : size < 285 ? 29 : 30;
  const bytes = type > 7 ? [low, type - 7] : [(type << 5) | low];
  if (low === 29) bytes.push(size - 29);
  if (low === 30) bytes.push((size - 285) >> 8, (size - 285) & 255);
  return Buffer.from(bytes);
}
