import type { Config } from './config.ts';
import type { Engines } from './engines.ts';
import type { MailDesk } from './model/mail-order.ts';
import { createMailDesk, MAIL_TASK, sendSoon } from './pipelines/mail-desk.ts';
import { createMailSender } from './pipelines/mail-sender.ts';
import type { Sealer } from './privacy/sealing.ts';
import { createMailer, readAuthorities } from './respond/mail.ts';
import type { Log } from './stores/records.ts';
import type { Chores } from './work/schedule.ts';

/** A mail that waits for so long has no task any more, or one that does not mind being asked for again. */
const FORGOTTEN_MS = 10 * 60_000;

export interface MailTools {
  config: Config;
  log: Log;
  engines: Engines;
  sealer: Sealer;
}

/**
 * Puts mailing together, before the tasks are started. `desk` is null where no mail server is set. Fault
 * `mail-authorities`.
 */
export function openMails({ config, log, engines, sealer }: MailTools): {
  desk: MailDesk | null;
  chores: Pick<Chores, 'sweepMails'>;
} {
  const { records, tasks } = engines;
  const { smtp, mailFrom: from, smtpCaFile } = config;
  const chores: Pick<Chores, 'sweepMails'> = {
    async sweepMails() {
      for (const { id } of await records.unscoped.mails.waiting(Date.now() - FORGOTTEN_MS)) await sendSoon(tasks, id);
    },
  };
  if (smtp === undefined || from === undefined) return { desk: null, chores };
  const authorities = smtpCaFile === undefined ? undefined : readAuthorities(smtpCaFile);
  const mailer = createMailer({ server: smtp, from, authorities });
  const send = createMailSender({ records, sealer, mailer, log });
  tasks.handle(MAIL_TASK, (task) => send(task as Parameters<typeof send>[0]));
  return { desk: createMailDesk({ records, sealer, tasks }), chores };
}
