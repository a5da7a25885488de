import { type Static, Type } from 'typebox';

const Time = Type.String({ format: 'date-time' });
const Maybe = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

/** Why a log-in by single sign-on did not work: `error` in the address of the log-in page. */
export const SSO_ERRORS = [
  'sso-unreachable',
  'sso-cancelled',
  'sso-failed',
  'sso-expired',
  'sso-unverified-email',
  'sso-no-account',
  'sso-other-identity',
  'sso-account-disabled',
] as const;
export type SsoError = (typeof SSO_ERRORS)[number];

/** By what a log-in can be completed: an authenticator app, a passkey, a recovery code. */
export const SecondFactorKind = Type.Union([Type.Literal('totp'), Type.Literal('passkey'), Type.Literal('recovery')], {
  title: 'SecondFactorKind',
});
export type SecondFactorKind = Static<typeof SecondFactorKind>;

export const SecondFactor = Type.Object(
  {
    code: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The six digits an authenticator app shows, or a recovery code.',
      examples: ['287082'],
    }),
  },
  { title: 'SecondFactor', additionalProperties: false },
);
export type SecondFactor = Static<typeof SecondFactor>;

/** Shows that it is the person: the password, where the account has one. */
export const Confirmation = Type.Object(
  {
    password: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'The account’s password. Who has none must have logged in within the last 15 minutes instead.',
        examples: ['seven wet otters dance'],
      }),
    ),
  },
  { title: 'Confirmation', additionalProperties: false },
);
export type Confirmation = Static<typeof Confirmation>;

/** What an authenticator app is set up with. It asks for no code until one of its codes was confirmed. */
export const TotpSetUp = Type.Object(
  {
    secret: Type.String({ description: 'Base32, to be typed.', examples: ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'] }),
    uri: Type.String({
      description: 'otpauth://…, as the QR code has it.',
      examples: ['otpauth://totp/Vedette:ada%40acme.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Vedette'],
    }),
    qr_svg: Type.String({
      description: 'The QR code, an SVG document.',
      examples: ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 45 45">…</svg>'],
    }),
  },
  { title: 'TotpSetUp' },
);
export type TotpSetUp = Static<typeof TotpSetUp>;

export const TwoFactor = Type.Object(
  { totp: Type.Boolean(), passkeys: Type.Integer(), recovery_codes_left: Type.Integer() },
  { title: 'TwoFactor' },
);
export type TwoFactor = Static<typeof TwoFactor>;

const RecoveryCode = Type.String({ examples: ['4v7c2k-9dq0xh-w3m8tz-a6ef1r'] });

export const RecoveryCodes = Type.Object(
  {
    recovery_codes: Type.Union([Type.Array(RecoveryCode), Type.Null()], {
      description: 'Shown this once; each is good once. null where the account has some already.',
    }),
  },
  { title: 'RecoveryCodes' },
);
export type RecoveryCodes = Static<typeof RecoveryCodes>;

export const Passkey = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ examples: ['Ada’s laptop'] }),
    created: Time,
    last_used: Maybe(Time),
    synced: Type.Boolean({ description: 'Whether it is kept on several devices by its provider.' }),
  },
  { title: 'Passkey' },
);
export type Passkey = Static<typeof Passkey>;

/** A passkey that was added; with the first second factor of an account come its recovery codes. */
export const PasskeyAdded = Type.Object(
  {
    passkey: Passkey,
    recovery_codes: Type.Union([Type.Array(RecoveryCode), Type.Null()], {
      description: 'Shown this once; null where the account has some already.',
    }),
  },
  { title: 'PasskeyAdded' },
);
export type PasskeyAdded = Static<typeof PasskeyAdded>;

export const PasskeyList = Type.Object({ passkeys: Type.Array(Passkey) }, { title: 'PasskeyList' });
export type PasskeyList = Static<typeof PasskeyList>;

const PasskeyName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '\\S',
  description: 'What its owner calls it.',
  examples: ['Ada’s laptop'],
});

export const PasskeyRename = Type.Object(
  { name: PasskeyName },
  { title: 'PasskeyRename', additionalProperties: false },
);
export type PasskeyRename = Static<typeof PasskeyRename>;

const BASE64URL = 'q83vEjRWeJCrze8SNFZ4kA';
const Base64Url = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$', examples: [BASE64URL] });
const Descriptor = Type.Object({
  id: Type.String({ examples: [BASE64URL] }),
  type: Type.Literal('public-key'),
  transports: Type.Optional(Type.Array(Type.String({ examples: ['internal'] }))),
});

/** For navigator.credentials.create: PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3. */
export const PasskeyCreation = Type.Object(
  {
    challenge: Type.String({ examples: [BASE64URL] }),
    rp: Type.Object({
      id: Type.Optional(Type.String({ examples: ['hub.example'] })),
      name: Type.String({ examples: ['Vedette'] }),
    }),
    user: Type.Object({
      id: Type.String({ examples: [BASE64URL] }),
      name: Type.String({ examples: ['ada@acme.example'] }),
      displayName: Type.String({ examples: ['Ada'] }),
    }),
    pubKeyCredParams: Type.Array(
      Type.Object({ type: Type.Literal('public-key'), alg: Type.Integer({ examples: [-7] }) }),
    ),
    timeout: Type.Optional(Type.Integer({ examples: [300_000] })),
    excludeCredentials: Type.Optional(Type.Array(Descriptor)),
    authenticatorSelection: Type.Optional(Type.Unknown()),
    attestation: Type.Optional(Type.String({ examples: ['none'] })),
    hints: Type.Optional(Type.Array(Type.String())),
    extensions: Type.Optional(Type.Unknown()),
  },
  { title: 'PasskeyCreation' },
);
export type PasskeyCreation = Static<typeof PasskeyCreation>;

/** For navigator.credentials.get: PublicKeyCredentialRequestOptionsJSON of WebAuthn Level 3. */
export const PasskeyRequest = Type.Object(
  {
    challenge: Type.String({ examples: [BASE64URL] }),
    rpId: Type.Optional(Type.String({ examples: ['hub.example'] })),
    timeout: Type.Optional(Type.Integer({ examples: [300_000] })),
    allowCredentials: Type.Optional(Type.Array(Descriptor)),
    userVerification: Type.Optional(Type.String({ examples: ['required'] })),
    hints: Type.Optional(Type.Array(Type.String())),
    extensions: Type.Optional(Type.Unknown()),
  },
  { title: 'PasskeyRequest' },
);
export type PasskeyRequest = Static<typeof PasskeyRequest>;

const credential = { id: Base64Url(1400), rawId: Base64Url(1400), type: Type.Literal('public-key') };
const beside = {
  authenticatorAttachment: Type.Optional(Maybe(Type.String({ maxLength: 40, examples: ['platform'] }))),
  clientExtensionResults: Type.Object({}, { additionalProperties: true }),
};

/** What navigator.credentials.create gave, by toJSON(). */
export const NewPasskey = Type.Object(
  {
    name: PasskeyName,
    response: Type.Object(
      {
        ...credential,
        ...beside,
        response: Type.Object(
          {
            clientDataJSON: Base64Url(4096),
            attestationObject: Base64Url(16_384),
            transports: Type.Optional(
              Type.Array(Type.String({ maxLength: 40, examples: ['internal'] }), { maxItems: 10 }),
            ),
          },
          { additionalProperties: true },
        ),
      },
      { additionalProperties: true },
    ),
  },
  { title: 'NewPasskey', additionalProperties: false },
);
export type NewPasskey = Static<typeof NewPasskey>;

/** What navigator.credentials.get gave, by toJSON(). */
export const PasskeyLogIn = Type.Object(
  {
    response: Type.Object(
      {
        ...credential,
        ...beside,
        response: Type.Object(
          {
            clientDataJSON: Base64Url(4096),
            authenticatorData: Base64Url(4096),
            signature: Base64Url(8192),
            userHandle: Type.Optional(Maybe(Type.String({ maxLength: 100 }))),
          },
          { additionalProperties: true },
        ),
      },
      { additionalProperties: true },
    ),
  },
  { title: 'PasskeyLogIn', additionalProperties: false },
);
export type PasskeyLogIn = Static<typeof PasskeyLogIn>;
