import { describe, expect, it } from 'vitest';
import { detectFormat, FORMATS } from './parser.ts';

const CLF = '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5';
const COMBINED = `${CLF} "-" "curl/8.5.0"`;
const example = (name: string) => FORMATS.find((format) => format.name === name)?.example as string;

describe('detectFormat', () => {
  it.each(
    FORMATS.filter(({ name }) => !['w3c', 'iis', 'cloudfront', 'zeek', 'custom', 's3', 'alb'].includes(name)).map(
      ({ name }) => name,
    ),
  )('knows the example of %s', (name) => {
    expect(detectFormat([example(name)])).toMatchObject({ format: name, matched: 1, of: 1 });
  });

  it.each<[string, string[]]>([
    ['common', [CLF, CLF, COMBINED]],
    ['combined', [CLF, COMBINED, COMBINED]],
    ['combined', [`Oct 10 13:55:36 web nginx: ${COMBINED}`]],
    ['timed', [`${COMBINED} 120`, `${COMBINED} 99`]],
    ['vhost', [`example.com ${COMBINED}`, COMBINED, `www.example.com:443 ${COMBINED}`]],
    [
      'iis',
      [
        '#Software: Microsoft Internet Information Services 8.5',
        '#Fields: date time c-ip cs-uri-stem sc-status',
        '2025-10-10 13:55:36 192.0.2.7 / 200',
      ],
    ],
    [
      'cloudfront',
      [
        '#Version: 1.0',
        '#Fields: date time x-edge-location c-ip cs-uri-stem sc-status',
        '2025-10-10\t13:55:36\tFRA\t192.0.2.7\t/\t200',
      ],
    ],
    ['w3c', ['#Fields: date time c-ip cs-uri-stem sc-status', '2025-10-10 13:55:36 192.0.2.7 / 200']],
    [
      'iis',
      ['#Software: Microsoft Internet Information Services 8.5', '#Fields: date time c-ip cs-uri-stem sc-status'],
    ],
    ['zeek', ['#separator \\x09', '#fields\tts\ttrans_depth\tmethod\turi', '1760104536\t1\tGET\t/']],
    ['caddy', ['caddy | {"level":"info","ts":1,"msg":"started"}', `caddy | ${example('caddy')}`]],
    [
      'alb',
      [
        'http 2025-10-10T13:55:36.943956Z app/x 192.0.2.7:2817 10.0.0.1:80 0.1 0.1 0.1 200 200 0 57 "GET http://example.com:80/ HTTP/1.1" "x" - -',
      ],
    ],
    [
      's3',
      [
        'a b [10/Oct/2025:13:55:36 +0000] 192.0.2.7 - 3E57 REST.GET.OBJECT a "GET /a HTTP/1.1" 200 - 1 1 7 6 "-" "x" - x SigV4 - AuthHeader h TLSv1.2',
      ],
    ],
  ])('finds %s', (format, lines) => expect(detectFormat(lines)).toMatchObject({ format }));

  it('is not put off by garbage in front', () => {
    const garbage = Array.from({ length: 150 }, (_, i) => `\u0000garbage ${i}`);
    expect(detectFormat([...garbage, ...Array.from({ length: 50 }, () => COMBINED)])).toMatchObject({
      format: 'combined',
      matched: 50,
      of: 200,
    });
  });

  it('counts what does not match', () => {
    expect(detectFormat([COMBINED, '', 'Error line 1', COMBINED])).toEqual({
      format: 'combined',
      title: 'Combined (Apache, nginx default)',
      matched: 2,
      of: 3,
    });
  });

  it('says what it tried and saw when nothing fits', () => {
    const found = detectFormat(['', 'Dear \u001b[31mdiary,', 'today I']);
    expect(found).toMatchObject({ refused: 'unknown-format' });
    expect((found as { detail: string }).detail).toMatch(/combined, common.*the first line is: Dear \\x1B\[31mdiary,/);
    expect(detectFormat(['', '  '])).toMatchObject({ refused: 'empty' });
    expect(detectFormat([])).toMatchObject({ refused: 'empty' });
  });

  it.each([
    [
      'an nginx error log',
      '2025/10/10 13:55:36 [error] 31#31: *46 open() "/x" failed, client: 192.0.2.7, server: localhost, request: "GET / HTTP/1.1", host: "localhost"',
    ],
    [
      'an Apache error log',
      '[Mon Oct 07 00:33:22.778350 2024] [proxy:error] [pid 9521:tid 1] (111)Connection refused: AH00957: http: failed',
    ],
    ['an application log', '{"level":"info","time":1760104536,"msg":"listening","port":80}'],
    ['a DNS log', '{"ts":1760104536,"id.orig_h":"192.0.2.7","trans_id":1,"query":"example.com"}'],
    ['prose', 'The quick brown fox jumps over the lazy dog.'],
  ])('does not take %s for an access log', (_what, line) => {
    expect(detectFormat(Array.from({ length: 20 }, () => line))).toMatchObject({ refused: 'unknown-format' });
  });
});
