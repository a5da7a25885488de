import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { command } from './enrich.ts';

async function pipe(input: string, chunk = 7): Promise<Record<string, unknown>[]> {
  const bytes = Buffer.from(input);
  const pieces = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (data: Buffer) => chunks.push(data));
  expect(await command.run([], { stdin: Readable.from(pieces), stdout, stderr: new PassThrough() })).toBe(0);
  const text = Buffer.concat(chunks).toString();
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('answers line by line in order, and keeps what a record has of its own', async () => {
  const lines = [
    '{"client.address":"8.8.8.8","user_agent.original":"curl/8.5.0","n":1,"é":"ü"}',
    '{"user_agent.original":"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}\r',
    '{}',
    'not json',
    '',
    '[1]',
    '{"client.address":1}',
    '{"client.address":"203.0.113.9","geo":"mine"}',
  ];
  const answers = await pipe(lines.join('\n'));
  expect(answers).toHaveLength(lines.length);
  expect(answers[0]).toMatchObject({
    n: 1,
    é: 'ü',
    geo: { country: 'US' },
    network: { asn: 15169, kind: 'hosting' },
    agent: { is_bot: true, bot_kind: 'library' },
  });
  expect(answers[1]).toMatchObject({ agent: { is_bot: true, bot_kind: 'search', device_type: 'Bot' } });
  expect(Object.keys(answers[2] as object)).toEqual(['geo', 'network', 'agent']);
  for (const index of [3, 4, 5, 6]) expect(Object.keys(answers[index] as object)).toEqual(['error']);
  expect(answers[7]).toMatchObject({ geo: { country: '', region: '', city: '' } });
});

test('no input, no output', async () => {
  expect(await pipe('')).toEqual([]);
});
