import type { MailDesk, MailOrder } from '../model/mail-order.ts';
import { uuidv7 } from '../model/uuid.ts';
import type { Sealer } from '../privacy/sealing.ts';
import type { Records } from '../stores/records.ts';
import { isOldSeal } from '../stores/sealed.ts';
import type { Tasks } from '../stores/tasks.ts';

export const MAIL_TASK = 'send-mail';
/**
 * Attempts after the first: from every few seconds to every half an hour, for five days in all, as RFC 5321 (4.5.4.1)
 * asks of who sends. What is past its time by then is given up before.
 */
const RETRIES = 250;
const DAY_MS = 86_400_000;

export interface MailDeskTools {
  records: Pick<Records, 'unscoped'>;
  sealer: Sealer;
  tasks: Pick<Tasks, 'add'>;
  now?: () => number;
}

/** Takes mails: sealed into the database first, then as a task that names no more than the mail's id. */
export function createMailDesk({ records, sealer, tasks, now = Date.now }: MailDeskTools): MailDesk {
  return {
    async post(order) {
      const id = uuidv7();
      const mail = { id, ...placeOf(order), kind: order.kind, expiresAt: endOf(order, now()) };
      const text = Buffer.from(JSON.stringify(order));
      const add = () => records.unscoped.mails.add(mail, (purpose) => sealer.seal(text, purpose));
      await add().catch(async (error: unknown) => {
        // The master key was replaced a moment ago.
        if (!isOldSeal(error) || sealer.refresh === undefined) throw error;
        await sealer.refresh();
        await add();
      });
      await sendSoon(tasks, id);
    },
  };
}

/** Has a mail sent; asked again for the same one, it is one task. Not urgent: a mail server may hang for a minute. */
export async function sendSoon(tasks: Pick<Tasks, 'add'>, id: string): Promise<void> {
  await tasks.add(MAIL_TASK, { id }, { id, retries: RETRIES });
}

function placeOf(order: MailOrder): { tenantId: string | null; subjectId: string | null } {
  if (order.kind !== 'invitation') return { tenantId: null, subjectId: null };
  return { tenantId: order.tenantId, subjectId: order.invitationId };
}

/** When a mail is not worth sending any more. */
function endOf(order: MailOrder, now: number): number {
  return 'expiresAt' in order ? order.expiresAt : now + DAY_MS;
}
