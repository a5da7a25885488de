import type { ConsentChoice } from './request.ts';

/** A page view that was stored, as far as integrations may be told of it. There is no address in it. */
export interface MeasuredPageView {
  /** UUID of the stored interaction: offered twice, it counts once while it waits. */
  id: string;
  tenantId: string;
  /** When it happened, ms since the epoch. */
  time: number;
  host: string;
  /** Redacted as it is stored. */
  path: string;
  query: string;
  referrer: string;
  /** Of the consent cookie; '' unless granted. */
  visitorId: string;
  /** The analytical choice; nothing but `granted` ever leaves. */
  consent: ConsentChoice;
  /** The marketing choice. */
  marketing: boolean;
  /** Bots are not people, whatever they granted. */
  isBot: boolean;
}

/**
 * Takes page views that were stored and passes them on to whom their tenants chose. It returns at once, never throws,
 * and drops what it is not asked to pass on; whatever a provider does, the caller does not notice.
 */
export interface MeasurementSink {
  offer(views: readonly MeasuredPageView[]): void;
}
