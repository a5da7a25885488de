import { Fault } from '../model/fault.ts';
import { type Letter, letterLanguage } from '../model/letter.ts';
import type { MailOrder } from '../model/mail-order.ts';
import { isRefusal } from '../model/request.ts';
import type { Sealer } from '../privacy/sealing.ts';
import { writeLetter } from '../respond/letter.ts';
import type { Mailer } from '../respond/mail.ts';
import type { Log, Records } from '../stores/records.ts';
import type { Task } from '../stores/tasks.ts';

const MINUTE_MS = 60_000;

export interface MailSenderTools {
  records: Pick<Records, 'unscoped' | 'accounts' | 'invitations' | 'resets' | 'emailChanges'>;
  sealer: Sealer;
  mailer: Mailer;
  log: Log;
  now?: () => number;
}

/** What goes to whom; null: nothing, because nobody wants it any more. */
type Addressed = { to: string; locale: string | null; letter: Letter } | null;

/**
 * The task that sends one mail. What the mail server may take later is thrown, so that the queue tries again; what it
 * never will, and what is past its time, is given up and told in the log. Who it is to stands in no log.
 */
export function createMailSender(tools: MailSenderTools): (task: Pick<Task<{ id: string }>, 'data'>) => Promise<void> {
  const { records, sealer, mailer, log, now = Date.now } = tools;
  const { mails } = records.unscoped;

  async function giveUp(id: string, kind: string, error: string): Promise<void> {
    log.error({ mail: id, kind, reason: error }, 'a mail was given up');
    await mails.end(id, 'failed', error);
  }

  return async ({ data: { id } }) => {
    const mail = await mails.find(id);
    if (mail === null) return;
    const order = JSON.parse(sealer.open(mail.sealed, mail.purpose).toString('utf8')) as MailOrder;
    if (mail.expiresAt <= now()) return giveUp(id, order.kind, 'the mail server did not take it in time');
    const addressed = await addressedOf(records, id, order, mail.expiresAt - now());
    if (addressed === null) return mails.end(id, 'dropped', null);
    const { to, locale, letter } = addressed;
    try {
      await mailer.send({ id, to, ...writeLetter(letter, letterLanguage(locale)) });
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof Fault && error.code === 'mail-refused') return giveUp(id, order.kind, message);
      log.warn({ mail: id, kind: order.kind, reason: message }, 'a mail could not be sent yet; it is tried again');
      await mails.noteError(id, message);
      throw error;
    }
    await mails.end(id, 'sent', null);
  };
}

async function addressedOf(
  records: MailSenderTools['records'],
  id: string,
  order: MailOrder,
  validMs: number,
): Promise<Addressed> {
  switch (order.kind) {
    case 'invitation': {
      // Withdrawn, sent anew or accepted by now: the link is worth nothing.
      if (isRefusal(await records.invitations.look(order.token))) return null;
      const account = await records.accounts.byEmail(order.to);
      return { to: order.to, locale: account?.user.locale ?? order.locale, letter: order };
    }
    case 'password-reset':
      return resetOf(records, id, order, validMs);
    case 'email-change': {
      // Used, withdrawn or asked for anew by now.
      if (isRefusal(await records.emailChanges.look(order.token))) return null;
      const owner = await records.accounts.byEmail(order.to);
      if (owner === null) return { to: order.to, locale: order.locale, letter: order };
      return { to: order.to, locale: owner.user.locale, letter: { kind: 'email-taken', link: order.link } };
    }
    case 'email-asked':
    case 'email-changed':
    case 'password-changed':
      return { to: order.to, locale: order.locale, letter: order };
    case 'factor-changed': {
      const { to, locale, change, name, link, at } = order;
      return { to, locale, letter: { kind: change, name, link, at } };
    }
  }
}

/**
 * Whether an address has an account is looked up here and not where the reset is asked for, so that whoever asks cannot
 * tell by the time it takes. Who has no password logs in by other ways, and is not given one.
 */
async function resetOf(
  { accounts, resets }: MailSenderTools['records'],
  id: string,
  order: Extract<MailOrder, { kind: 'password-reset' }>,
  validMs: number,
): Promise<Addressed> {
  const found = await accounts.byEmail(order.email);
  if (found === null || found.passwordHash === null || found.user.disabledAt !== null) return null;
  await resets.open({ id, userId: found.user.id, token: order.token, validMs });
  const minutes = Math.max(1, Math.floor(validMs / MINUTE_MS));
  const letter: Letter = { kind: 'password-reset', link: order.link, minutes };
  return { to: found.user.email, locale: found.user.locale, letter };
}
