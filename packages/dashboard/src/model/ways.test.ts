import { describe, expect, it } from 'vitest';
import { findKey, isLoopback, parseHost, parseOrigin, parseWay } from './ways.ts';

it.each([
  ['', 'express'],
  ['?way=koa', 'koa'],
  ['?way=page', 'page'],
  ['?way=constructor', 'express'],
])('the way of %s', (search, way) => {
  expect(parseWay(search)).toBe(way);
});

describe('parseOrigin', () => {
  it.each([
    ['https://hub.example.org/some/path', 'https://hub.example.org'],
    ['hub.example.org:8460', 'http://hub.example.org:8460'],
    [' http://[2001:db8::1]:8460 ', 'http://[2001:db8::1]:8460'],
    ['', undefined],
    ['ftp://hub', undefined],
    ['http://', undefined],
    ["http://a'b", undefined],
    ['javascript:alert(1)', undefined],
  ])('%s', (typed, origin) => {
    expect(parseOrigin(typed)).toBe(origin);
  });
});

it.each([
  ['http://localhost:8460', true],
  ['http://127.0.0.1', true],
  ['http://[::1]:1', true],
  ['https://hub.example.org', false],
  ['http://10.0.0.1', false],
])('%s is loopback: %s', (origin, loopback) => {
  expect(isLoopback(origin)).toBe(loopback);
});

it.each([
  ['vdt_abc-DEF_1', 'vdt_abc-DEF_1'],
  ["  export KEY='vdt_abc'; rm -rf /\n", 'vdt_abc'],
  ['secret', ''],
])('the key in %j', (pasted, key) => {
  expect(findKey(pasted)).toBe(key);
});

it.each([
  ['www.example.org', 'www.example.org'],
  [' https://WWW.Example.org/a?b ', 'www.example.org'],
  ['example.org:8080', 'example.org:8080'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['[::1]', '[::1]'],
  ["it's", undefined],
  ['"><script>', undefined],
  ['', undefined],
])('parseHost(%j)', (typed, host) => {
  expect(parseHost(typed)).toBe(host);
});
