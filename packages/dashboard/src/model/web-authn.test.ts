import { describe, expect, it, test } from 'vitest';
import {
  fromBase64Url,
  readCreationOptions,
  readRequestOptions,
  toBase64Url,
  writeAuthentication,
  writeRegistration,
} from './web-authn.ts';

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

test.each([
  [[], ''],
  [[0], 'AA'],
  [[251, 255, 191], '-_-_'],
  [[1, 2, 3, 4], 'AQIDBA'],
])('%j is %j and back', (values, text) => {
  expect(toBase64Url(bytes(...values))).toBe(text);
  expect([...new Uint8Array(fromBase64Url(text))]).toEqual(values);
});

test('what is no base64url is refused', () => {
  expect(() => fromBase64Url('not base64!')).toThrow();
});

describe('options', () => {
  it('for a new passkey have their bytes as bytes, the rest as it was', () => {
    const options = readCreationOptions({
      challenge: 'AQI',
      rp: { name: 'Vedette', id: 'localhost' },
      user: { id: 'AwQ', name: 'anna@example.org', displayName: 'Anna' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ id: 'BQ', type: 'public-key', transports: ['internal'] }],
      authenticatorSelection: { residentKey: 'required' },
    });
    expect(options.challenge).toEqual(bytes(1, 2));
    expect(options.user).toEqual({ id: bytes(3, 4), name: 'anna@example.org', displayName: 'Anna' });
    expect(options.excludeCredentials).toEqual([{ id: bytes(5), type: 'public-key', transports: ['internal'] }]);
    expect(options.authenticatorSelection).toEqual({ residentKey: 'required' });
  });

  it('for its use may name no passkey', () => {
    expect(readRequestOptions({ challenge: 'AQI', rpId: 'localhost' })).toEqual({
      challenge: bytes(1, 2),
      rpId: 'localhost',
      allowCredentials: [],
    });
  });
});

describe('what the browser answers', () => {
  const common = { id: 'BQ', rawId: bytes(5), type: 'public-key', authenticatorAttachment: 'platform' };

  it('is JSON for a new passkey', () => {
    const response = { clientDataJSON: bytes(1), attestationObject: bytes(2), getTransports: () => ['internal'] };
    expect(writeRegistration({ ...common, response } as unknown as PublicKeyCredential)).toEqual({
      id: 'BQ',
      rawId: 'BQ',
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['internal'] },
    });
  });

  it('is JSON for its use, without a user where the passkey names none', () => {
    const response = {
      clientDataJSON: bytes(1),
      authenticatorData: bytes(2),
      signature: bytes(3),
      userHandle: null,
    };
    const written = writeAuthentication({ ...common, response } as unknown as PublicKeyCredential);
    expect(written.response).toEqual({ clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw' });
  });
});
