import type { FastifyRequest } from 'fastify';
import type { FactorChange } from '../model/letter.ts';
import type { User } from '../stores/records.ts';
import type { Hub } from './ports.ts';

/**
 * Tells a person by mail that a factor of theirs is another one, where the hub sends any; OWASP ASVS 5.0, 6.3.7. `name`: of
 * the passkey or the provider; never anything secret. The change is in force by then, and what is answered about it may be
 * shown but once: so a mail that cannot be taken is told in the log, and undoes nothing.
 */
export async function tellFactorChange(
  { mails, network }: Pick<Hub, 'mails' | 'network'>,
  request: FastifyRequest,
  { email: to, locale }: Pick<User, 'email' | 'locale'>,
  change: FactorChange,
  name = '',
): Promise<void> {
  const link = `${network.pageUrl}/account`;
  const order = { kind: 'factor-changed', change, to, name, link, locale, at: Date.now() } as const;
  await mails
    ?.post(order)
    .catch((error: unknown) =>
      request.log.error({ err: error, change }, 'a person could not be told of a changed factor'),
    );
}
