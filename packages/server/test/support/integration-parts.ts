import { randomUUID } from 'node:crypto';
import type { MeasuredPageView } from '../../src/model/measurement.ts';

/** A page view of a person who granted, as it is offered to integrations after it was stored. */
export function pageView(tenantId: string, more: Partial<MeasuredPageView> = {}): MeasuredPageView {
  return {
    id: randomUUID(),
    tenantId,
    time: Date.now() - 1000,
    host: 'shop.example',
    path: '/pricing',
    query: '',
    referrer: '',
    visitorId: 'ab'.repeat(16),
    consent: 'granted',
    marketing: false,
    isBot: false,
    ...more,
  };
}
