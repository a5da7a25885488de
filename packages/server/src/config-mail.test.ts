import { expect, test } from 'vitest';
import { mailbox, mailServer } from './config-mail.ts';

test.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, encryption: 'starttls', login: null }],
  ['smtp://mail.example.com:25/', { host: 'mail.example.com', port: 25, encryption: 'starttls', login: null }],
  ['smtps://mail.example.com', { host: 'mail.example.com', port: 465, encryption: 'tls', login: null }],
  [
    'smtps://ada%40example.com:p%40ss%3Aword@mail.example.com:2465',
    {
      host: 'mail.example.com',
      port: 2465,
      encryption: 'tls',
      login: { user: 'ada@example.com', password: 'p@ss:word' },
    },
  ],
  ['smtp://localhost', { host: 'localhost', port: 25, encryption: 'none', login: null }],
  ['smtp://127.0.0.9:1025', { host: '127.0.0.9', port: 1025, encryption: 'none', login: null }],
  ['smtp://[::1]:1025', { host: '::1', port: 1025, encryption: 'none', login: null }],
  // Not this machine, however it looks.
  ['smtp://localhost.example.com', { host: 'localhost.example.com', port: 587, encryption: 'starttls', login: null }],
  ['smtp://10.0.0.5', { host: '10.0.0.5', port: 587, encryption: 'starttls', login: null }],
])('%s is a mail server', (url, server) => expect(mailServer(url)).toEqual(server));

test.each([
  'mail.example.com',
  'http://mail.example.com',
  'smtp://',
  'smtp://user@mail.example.com',
  'smtp://:password@mail.example.com',
  'smtp://mail.example.com/path',
  // Options of other programs would be passed over in silence.
  'smtp://mail.example.com?ignoreTLS=true',
  'smtp://mail.example.com?tls.rejectUnauthorized=false',
  'smtp://u%ZZ:p@mail.example.com',
])('%s is refused', (url) => expect(() => mailServer(url)).toThrow(/smtp|percent/));

test.each([
  ['vedette@example.com', { name: '', address: 'vedette@example.com' }],
  [' Vedette <vedette@example.com> ', { name: 'Vedette', address: 'vedette@example.com' }],
  ['"Acme, Sicherheit" <a.b+c@bücher.example>', { name: 'Acme, Sicherheit', address: 'a.b+c@bücher.example' }],
])('%s is a mailbox', (text, expected) => expect(mailbox(text)).toEqual(expected));

test.each([
  'vedette',
  'a@b@c',
  'Vedette <vedette>',
  '<>',
  'a b@example.com',
  'V <a@example.com>, <b@example.com>',
  'V\r\nBcc: x <a@example.com>',
])('%j is refused', (text) => expect(() => mailbox(text)).toThrow(/an address/));
