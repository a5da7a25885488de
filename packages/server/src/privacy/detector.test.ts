import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Detection, detect } from './detector.ts';

function all(text: string): Detection[] {
  const found: Detection[] = [];
  detect(text, (detection) => void found.push(detection));
  return found;
}
const said = (text: string) => all(text).map(({ kind, text: what, host }) => `${kind} ${what}${host ? ' (host)' : ''}`);
const KEY = `vdt_${'aB3-_'.repeat(8)}xyz`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

test.each([
  ['203.0.113.7', ['address 203.0.113.7']],
  ['203.0.113.7 - - [01/Jan/2026] "GET / HTTP/1.1"', ['address 203.0.113.7']],
  ['{"client.address":"203.0.113.7"}', ['address 203.0.113.7']],
  ["{'x-real-ip':'10.1.2.3'}", ['address 10.1.2.3']],
  ['ip=203.0.113.7&x=1', ['address 203.0.113.7']],
  ['from 203.0.113.7.', ['address 203.0.113.7']],
  ['203.0.113.0/24', ['address 203.0.113.0']],
  ['from 203.0.113.7:8443', ['address 203.0.113.7']],
  ['203.0.113.7, 198.51.100.4', ['address 203.0.113.7', 'address 198.51.100.4']],
  ['/ip/203.0.113.7/whois', ['address 203.0.113.7']],
  ['/cgi?x=wget+http://203.0.113.7/a.sh', ['address 203.0.113.7 (host)']],
  ['http%3A%2F%2F203.0.113.7%2Fa.sh', ['address 203.0.113.7 (host)']],
  ['http://root:x@203.0.113.7/', ['address 203.0.113.7 (host)']],
  ['203.0.113.7:443', ['address 203.0.113.7 (host)']],
  ['uid$ip$203.0.113.7&x', ['address 203.0.113.7']],
  ['2001:db8::1', ['address 2001:db8::1']],
  ['[2001:db8:5a5a:77::beef]:443', ['address 2001:db8:5a5a:77::beef']],
  ['"2a02:1234:0:1:2:3:4:5"', ['address 2a02:1234:0:1:2:3:4:5']],
  ['https://[2a02:1234::5]/x', ['address 2a02:1234::5 (host)']],
  ['::ffff:203.0.113.7', ['address ::ffff:203.0.113.7']],
  ['x=%2520203.0.113.7%2526', ['address 203.0.113.7']],
  ['{"u":"http:\\/\\/203.0.113.7\\/x"}', ['address 203.0.113.7 (host)']],
  ['fe80::1%eth0', ['address fe80::1']],
  ['ip=2001%3Adb8%3A%3A1', ['address 2001:db8::1']],
  ['jane.roe@private-mail.example', ['email jane.roe@private-mail.example']],
  ['email=jane.roe%40private-mail.example&x', ['email jane.roe@private-mail.example']],
  ['<jane+tag@Example.ORG>', ['email jane+tag@example.org']],
  ['to=%20jane%40example.com', ['email jane@example.com']],
  ['mailto:jane@example.co.uk?subject=x', ['email jane@example.co.uk']],
  ['a@b.example,c@d.example', ['email a@b.example', 'email c@d.example']],
  [`Authorization: Bearer ${KEY}`, [`secret ${KEY}`, `secret Bearer ${KEY}`]],
  [`token=${KEY}`, [`secret ${KEY}`]],
  [`x=${JWT}`, [`secret ${JWT}`]],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', ['secret -----BEGIN RSA PRIVATE KEY-----']],
  ['-----BEGIN PRIVATE KEY-----', ['secret -----BEGIN PRIVATE KEY-----']],
  ['bearer abcdefghij0123456789abc', ['secret bearer abcdefghij0123456789abc']],
  ['postgres://vedette:hunter2@db/x', ['secret ://vedette:hunter2@']],
  ['AKIAIOSFODNN7EXAMPLE', ['secret AKIAIOSFODNN7EXAMPLE']],
])('finds in %s', (text, expected) => {
  expect(said(text)).toEqual(expected);
});

test.each([
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.6099.71 Edg/120.0.100.14',
  'OPR/106.0.0.1',
  'okhttp/4.9.0.1 (rv:1.9.0.14)',
  'app version 1.2.3.4 build 10.20.30.40',
  'v1.2.3.4',
  '?v=1.2.3.4',
  '?app_version=10.2.3.4&x',
  '{"version":"1.2.3.4"}',
  'oid 1.3.6.1.4.1.311.21.20',
  '1.2.3.4.5',
  '1.2.3',
  '1.2.3.4567',
  '999.1.1.1',
  '01.2.3.4',
  'x1.2.3.4',
  '127.0.0.1 ::1 :: 0.0.0.0',
  '255.255.255.0',
  '10.0.0.0/8',
  'slotSize=156.26.0.0',
  'Firefox/2.0.0.1 (Debian-2.0.0.1+dfsg-2)',
  'Mozilla/5.0 (Linux; U; Android 2.1; HTC Desire 1.19.161.5 Build/ERE27)',
  '239.255.255.250',
  '12:34:56',
  '2026-11-26T12:34:56.789Z',
  '[26/Nov/2026:12:34:56 +0000]',
  'aa:bb:cc:dd:ee:ff',
  'AA:BB:CC:DD:EE:FF:00:11',
  'SHA256:12:34:56:78:9a:bc:de:f0:12:34:56:78:9a:bc:de:f0',
  'std::vector a::b Foo::Bar::beef',
  'dead::beef',
  '10:20:30:40',
  'https://example.com:8080/a:b',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  '01950000-0000-7000-8000-00000000000a',
  '@media @scope/name@1.2.3',
  'sprite@2x.png',
  'user@localhost',
  'user@host',
  '@example.com',
  'a@.com',
  'git@github.com:vedette/vedette.git',
  'email=[redacted]&token=[redacted]',
  'vdt_aB3xyz…',
  'vdt_short',
  'eyJhbGciOiJIUzI1NiJ9',
  'the bearer of this letter',
  'postgres://vedette:***@db/x',
  'http://example.com/@user',
  '',
])('finds nothing in %s', (text) => {
  expect(said(text)).toEqual([]);
});

test('what is told is masked', () => {
  expect(all(`203.0.113.7 2001:db8:1::7 jane.roe@mail.example ${KEY}`).map(({ masked }) => masked)).toEqual([
    '203.x.x.x',
    '2001:…',
    'j…@….example',
    'vdt_aB3…',
  ]);
});

test('every address and e-mail address is found wherever it stands between others', () => {
  const gap = fc.constantFrom(' ', ',', '"', "'", '(', '<', '&ip=', '\t', '\n', '; ');
  // Numbers that end in `.0.0` are versions or networks, nobody's.
  const somebody = fc
    .tuple(fc.integer({ min: 11, max: 99 }), fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 255 }))
    .map((octets) => octets.join('.'));
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
  const email = fc.tuple(name, name).map(([local, domain]) => `${local === 'git' ? 'jane' : local}@${domain}.example`);
  fc.assert(
    fc.property(fc.array(fc.tuple(gap, fc.oneof(somebody, email)), { maxLength: 8 }), (parts) => {
      const text = `${parts.flat().join('')} `;
      const found = new Set(all(text).map((detection) => detection.text));
      for (const [, one] of parts) expect(found, text).toContain(one);
    }),
  );
});

test('whatever the text, nothing throws, and what is masked does not tell what was found', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('1.2.3.4', '::', ':', '@', '%40', '%3A', 'eyJ', '.', 'Bearer ', '://', 'f00d:', 'a@b.example'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const { text, masked } of all(pieces.join(''))) if (text.length > 12) expect(masked).not.toContain(text);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['1.', 400_000],
  ['1.2.3.', 150_000],
  ['1', 800_000],
  [':', 800_000],
  ['a:', 400_000],
  ['f::', 250_000],
  ['@', 800_000],
  ['a@', 400_000],
  ['%40', 250_000],
  ['a.', 400_000],
  ['eyJ', 250_000],
  ['eyJaaaaaaaaa.', 60_000],
  ['Bearer ', 100_000],
  ['://a:', 200_000],
  ['-----BEGIN ', 70_000],
  ['"private_key": ', 50_000],
  ['ver ', 200_000],
])('%s, very often, takes time in proportion', (piece, times) => {
  // 800 KB; a quadratic step would take minutes, longer than a test may.
  expect(all(piece.repeat(times)).length).toBeLessThanOrEqual(times);
});
