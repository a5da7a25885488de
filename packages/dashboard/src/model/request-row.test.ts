import { expect, it } from 'vitest';
import { requestAddress } from './request-row.ts';

it('the address of a request names tenant, id and the hour it is of, also where that begins with it', () => {
  const of = (time: string) => requestAddress('bakery', { id: '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21', time });
  const address =
    '/explore?tenant=bakery&from=2026-11-26T12:00:00Z&to=2026-11-26T13:00:00Z&show=requests&request=01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21';
  expect(of('2026-11-26T12:59:59.999Z')).toBe(address);
  expect(of('2026-11-26T12:00:00.000Z')).toBe(address);
  expect(of('2026-11-26T11:59:59.999Z')).not.toBe(address);
});
