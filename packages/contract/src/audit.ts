import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const text = (example: string) => Type.Union([Type.String(), Type.Null()], { examples: [example] });

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** Everything that an entry can be about, as `noun.verb`. The dashboard has words for each. */
export const AUDIT_ACTIONS = [
  'access.refuse',
  'account.change',
  'account.create',
  'account.disable',
  'account.email',
  'account.email-ask',
  'account.email-set',
  'account.email-withdraw',
  'account.enable',
  'account.password',
  'account.reset',
  'audit.export',
  'audit.retention',
  'backup.create',
  'backup.restore',
  'client-keys.destroy',
  'consent.export',
  'consent.retention',
  'domain.add',
  'domain.check',
  'domain.remove',
  'factors.reset',
  'file.import',
  'installation.set-up',
  'integration.remove',
  'integration.set',
  'integration.test',
  'invitation.accept',
  'invitation.create',
  'invitation.resend',
  'invitation.withdraw',
  'key.create',
  'key.revoke',
  'key.rotate',
  'key.unknown',
  'link.create',
  'log-level.change',
  'master-key.rotate',
  'passkey.add',
  'passkey.remove',
  'passkey.rename',
  'password-reset.ask',
  'password-reset.redeem',
  'person.change',
  'person.erase',
  'person.export',
  'person.leave',
  'person.remove',
  'privacy-policy.set',
  'privacy-scan.start',
  'recovery-codes.replace',
  'retention.apply',
  'session.end',
  'session.end-everybody',
  'session.end-others',
  'session.end-person',
  'session.open',
  'tenant.change',
  'tenant.create',
  'tenant.delete',
  'tenant.quota',
  'tenant.resume',
  'tenant.suspend',
  'totp.add',
  'totp.begin',
  'totp.remove',
  'view.change',
  'view.create',
  'view.delete',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One entry of the audit log. */
export const AuditRecord = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    tenant: Type.String({ description: 'Slug of the tenant in whose log it is.', examples: ['acme'] }),
    number: Type.Integer({ description: 'Place in the tenant’s log, from 1 without gaps.' }),
    time: Type.String({ format: 'date-time' }),
    actor: Type.Object({
      kind: Type.Union(
        [
          Type.Literal('user'),
          Type.Literal('key'),
          Type.Literal('link'),
          Type.Literal('socket'),
          Type.Literal('hub'),
          Type.Literal('nobody'),
        ],
        {
          description:
            'socket: a command on the hub’s machine. hub: the hub by itself. nobody: without a credential that is known.',
        },
      ),
      id: text('01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21'),
      name: Type.String({ examples: ['Ada <ada@acme.example>'] }),
    }),
    action: Type.String({ description: 'noun.verb; what belongs together begins alike.', examples: ['key.create'] }),
    target: text('vdt_Qk3xZ9'),
    detail: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Further facts; never a secret.',
      examples: [{ scope: 'ingest' }],
    }),
    outcome: Type.Union([Type.Literal('done'), Type.Literal('refused'), Type.Literal('failed')], {
      description: 'failed: by a fault of the hub, so that part of it may be done.',
    }),
    address: Type.Union([Type.String(), Type.Null()], {
      description: 'Where from; of log-ins only.',
      examples: [null],
    }),
    agent: Type.Union([Type.String(), Type.Null()], {
      description: 'Browser and system, or program.',
      examples: ['Firefox, Linux'],
    }),
    hash: Type.String({
      description: 'Keyed hash over the entry and the hash of the one before it.',
      examples: [HASH],
    }),
  },
  { title: 'AuditRecord' },
);
export type AuditRecord = Static<typeof AuditRecord>;

/** The answer of GET /api/v1/audit. */
export const AuditAnswer = Type.Object(
  {
    entries: Type.Array(AuditRecord, { description: 'The newest first.' }),
    next: NEXT,
  },
  { title: 'AuditAnswer' },
);
export type AuditAnswer = Static<typeof AuditAnswer>;

const End = Type.Object({ number: Type.Integer(), time: Type.String({ format: 'date-time' }) });

/** The answer of GET /api/v1/audit/integrity. */
export const AuditIntegrity = Type.Object(
  {
    intact: Type.Boolean({ description: 'Whether every chain holds and nothing that protects it is switched off.' }),
    logs: Type.Array(
      Type.Object({
        tenant: Type.String({ description: 'Slug.', examples: ['acme'] }),
        intact: Type.Boolean(),
        entries: Type.Integer(),
        first: Type.Union([End, Type.Null()]),
        last: Type.Union([Type.Object({ ...End.properties, hash: Type.String({ examples: [HASH] }) }), Type.Null()], {
          description: 'Note number and hash elsewhere: a later log that does not have them was rewritten.',
        }),
        faults: Type.Array(Type.Object({ number: Type.Integer(), reason: Type.String() }), { examples: [[]] }),
      }),
    ),
    weaknesses: Type.Array(Type.String(), {
      description: 'What protects the log and is switched off; for operators.',
      examples: [[]],
    }),
  },
  { title: 'AuditIntegrity' },
);
export type AuditIntegrity = Static<typeof AuditIntegrity>;
