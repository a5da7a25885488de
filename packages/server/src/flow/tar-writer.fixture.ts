const BLOCK = 512;

/** A tar archive (GNU, with long names) of texts. */
export function tarOf(files: readonly (readonly [name: string, text: string | Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, text] of files) {
    if (Buffer.byteLength(name) > 100) parts.push(...entry('././@LongLink', Buffer.from(`${name}\0`), 'L'));
    parts.push(...entry(name.slice(0, 100), Buffer.from(text), '0'));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function entry(name: string, content: Buffer, type: string): Buffer[] {
  const head = Buffer.alloc(BLOCK);
  head.write(name, 0, 100);
  head.write('0000644\0', 100);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write(type, 156);
  head.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of head) sum += byte;
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [head, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}
