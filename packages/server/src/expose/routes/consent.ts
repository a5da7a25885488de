import { ConsentAnswer, type ConsentDay, ConsentProof, ConsentRecord, ConsentTexts } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ChoiceSpan } from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { COLUMNS, CSV, flatPages, showChoice, shownPages } from '../consent-export.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { type ExportFormat, exportAnswer, FORMAT, sendExport } from '../export.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { siteHost } from '../public-site.ts';
import { addRoute, TENANT } from '../route.ts';
import { parseTime } from '../time-range.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 3660;
const TIME = 'RFC 3339, ms since the epoch, now, or a time from now such as -30d';
const WINDOW = {
  tenant: TENANT,
  from: Type.Optional(Type.String({ maxLength: 100, description: `Inclusive. ${TIME}.` })),
  to: Type.Optional(Type.String({ maxLength: 100, description: `Exclusive, by default now. ${TIME}.` })),
  domain: Type.Optional(Type.String({ maxLength: 300, description: 'Host of one site; by default all.' })),
};

const WRONG_WINDOW = {
  description: 'Wrong usage, or a window or domain that cannot be',
  codes: ['bad-time', 'bad-window', 'bad-domain'],
};

/** What people chose on a tenant's sites. */
export function addConsentRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/consent',
    access: 'read',
    summary: 'Choices by day, and people by their latest choice',
    description:
      'Days are UTC, all of the window, which is of 30 days unless told. Withdrawals and those with Global Privacy ' +
      'Control are among the granted, partly granted and refused.',
    query: Type.Object(WINDOW),
    answers: { 200: { description: 'The figures', schema: ConsentAnswer }, 400: WRONG_WINDOW },
    async handler(request): Promise<ConsentAnswer> {
      const tenant = await tenantOf(hub, request);
      const span = spanOf(request.query as SpanParameters, 30 * DAY_MS);
      const book = hub.records.forTenant(tenant.id).consent;
      const [days, people, shown] = await Promise.all([
        book.days(span),
        book.people(span),
        hub.bannersShown?.(tenant.id, span),
      ]);
      const byDay = new Map(days.map((day) => [day.day, day]));
      const all: ConsentDay[] = [];
      for (let day = span.from - (span.from % DAY_MS); day < span.to; day += DAY_MS) {
        const { granted = 0, partly = 0, refused: no = 0, withdrawn = 0, gpc = 0 } = byDay.get(day) ?? {};
        const date = new Date(day).toISOString().slice(0, 10);
        all.push({ day: date, shown: shown?.get(day) ?? 0, granted, partly, refused: no, withdrawn, gpc });
      }
      return { window: { from: textOf(span.from), to: textOf(span.to) }, days: all, people };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/consent/proofs/:proof_id',
    access: 'read',
    summary: 'Every choice under one proof id, the latest first',
    description: 'A person finds the proof id in the consent cookie. Without a choice under it the list is empty.',
    query: Type.Object({ tenant: TENANT, ...pageQuery(1000) }),
    params: Type.Object({ proof_id: Type.String({ maxLength: 100, description: '32 hexadecimal digits.' }) }),
    answers: {
      200: { description: 'The choices', schema: ConsentProof },
      400: { description: 'Wrong usage, or no proof id', codes: ['bad-proof-id'] },
    },
    async handler(request): Promise<ConsentProof> {
      const tenant = await tenantOf(hub, request);
      const { proof_id: given } = request.params as { proof_id: string };
      const proof = given.toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(proof)) {
        throw new ProblemError(400, 'bad-proof-id', 'proof_id: a proof id has 32 hexadecimal digits');
      }
      const records = await hub.records.forTenant(tenant.id).consent.history(proof);
      const page = readPage(request, tenant.id, ['number', 'uuid']);
      const { rows, next } = page.slice(records, ({ time, id }) => [time, id], 'descending');
      return { proof_id: proof, records: rows.map(showChoice), next };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/consent/texts',
    access: 'read',
    summary: 'The words that were shown, with the choices made under them',
    description: 'The latest first. current: they are what is shown now, in their language.',
    query: Type.Object({ tenant: TENANT, ...pageQuery() }),
    answers: { 200: { description: 'The texts', schema: ConsentTexts } },
    async handler(request): Promise<ConsentTexts> {
      const tenant = await tenantOf(hub, request);
      const shown = await hub.records.forTenant(tenant.id).consent.texts();
      const current = hub.consent.versions(tenant.id);
      const page = readPage(request, tenant.id, ['number', 'text']);
      const position = ({ firstShown, version, language }: (typeof shown)[number]) =>
        [firstShown, `${version} ${language}`] as const;
      const { rows, next } = page.slice(shown, position, 'descending');
      return {
        texts: rows.map(({ version, language, words, firstShown, choices }) => ({
          version,
          language,
          text: words as ConsentTexts['texts'][number]['text'],
          first_shown: textOf(firstShown),
          choices,
          current: current.has(version),
        })),
        next,
      };
    },
  });
  addExport(app, hub);
}

function addExport(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/consent/export',
    audit: 'consent.export',
    access: 'export',
    summary: 'The evidence as a file, in order of time',
    description: 'Everything that is kept unless from, to or domain say otherwise.',
    query: Type.Object({ ...WINDOW, format: FORMAT }),
    answers: { 200: exportAnswer(ConsentRecord, CSV), 400: WRONG_WINDOW },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const query = request.query as SpanParameters & { format?: ExportFormat };
      const { format = 'csv' } = query;
      const pages = hub.records.forTenant(tenant.id).consent.pages(spanOf(query, null));
      const name = `consent-${tenant.slug}`;
      if (format === 'ndjson') return sendExport(reply, format, { name, columns: [], pages: shownPages(pages) });
      return sendExport(reply, format, { name, columns: COLUMNS, pages: flatPages(pages) });
    },
  });
}

interface SpanParameters {
  from?: string;
  to?: string;
  domain?: string;
}

/** The window asked for; `usual`: its length where no beginning is told, null: from the first choice on. */
function spanOf({ from, to, domain }: SpanParameters, usual: number | null): ChoiceSpan {
  const now = Date.now();
  const end = to === undefined ? now : parseTime(to, now, 'to');
  if (typeof end !== 'number') throw refused(end, 400);
  const begin = from === undefined ? (usual === null ? 0 : end - usual) : parseTime(from, now, 'from');
  if (typeof begin !== 'number') throw refused(begin, 400);
  if (begin >= end) throw new ProblemError(400, 'bad-window', 'from is not before to');
  if (usual !== null && end - begin > MOST_DAYS * DAY_MS) {
    throw new ProblemError(400, 'bad-window', `the window is longer than ${MOST_DAYS} days`);
  }
  if (domain === undefined) return { from: begin, to: end };
  const host = siteHost(domain);
  if (host === '') throw new ProblemError(400, 'bad-domain', `domain: ${JSON.stringify(domain)} is no host`);
  return { from: begin, to: end, domain: host };
}

function textOf(time: number): string {
  return new Date(time).toISOString();
}
