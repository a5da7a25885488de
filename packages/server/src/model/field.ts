/**
 * The fields traffic can be broken down by and filtered on: one table for the report, the store, the API and the
 * dashboard. `text` compares as text, `number` also by ranges, `flag` is true or false.
 */
export interface Field {
  name: string;
  title: string;
  kind: 'text' | 'number' | 'flag';
  /** Other spellings people use: OpenTelemetry and ECS names, plain words. */
  aliases: readonly string[];
  /** Compared without regard to case. */
  anyCase?: boolean;
  /** Only the hub knows it; an access log does not tell. */
  hubOnly?: true;
}

export const FIELDS = [
  { name: 'country', title: 'Country', kind: 'text', aliases: ['source.geo.country_iso_code'], anyCase: true },
  { name: 'region', title: 'Region', kind: 'text', aliases: ['source.geo.region_name'], anyCase: true },
  { name: 'city', title: 'City', kind: 'text', aliases: ['source.geo.city_name'], anyCase: true },
  { name: 'asn', title: 'AS number', kind: 'number', aliases: ['source.as.number'] },
  {
    name: 'network',
    title: 'Network',
    kind: 'text',
    aliases: ['as_org', 'source.as.organization.name'],
    anyCase: true,
  },
  { name: 'network_kind', title: 'Network kind', kind: 'text', aliases: ['kind'], anyCase: true },
  { name: 'class', title: 'Traffic class', kind: 'text', aliases: ['traffic_class'], anyCase: true },
  { name: 'domain', title: 'Host', kind: 'text', aliases: ['host', 'server.address', 'vhost'], anyCase: true },
  { name: 'method', title: 'Method', kind: 'text', aliases: ['http.request.method'], anyCase: true },
  { name: 'path', title: 'Path', kind: 'text', aliases: ['url.path'] },
  { name: 'route', title: 'Route', kind: 'text', aliases: ['http.route'] },
  { name: 'query', title: 'Query', kind: 'text', aliases: ['url.query'] },
  { name: 'status', title: 'Status', kind: 'number', aliases: ['http.response.status_code'] },
  { name: 'status_class', title: 'Status class', kind: 'text', aliases: [], anyCase: true },
  { name: 'protocol', title: 'Protocol', kind: 'text', aliases: ['network.protocol'], anyCase: true },
  { name: 'referrer', title: 'Referrer', kind: 'text', aliases: ['referer', 'http.request.referrer'], anyCase: true },
  { name: 'device', title: 'Device', kind: 'text', aliases: ['device_type'], anyCase: true },
  { name: 'os', title: 'System', kind: 'text', aliases: ['os_name', 'system'], anyCase: true },
  { name: 'browser', title: 'Browser', kind: 'text', aliases: ['browser_name'], anyCase: true },
  { name: 'bot', title: 'Bot', kind: 'flag', aliases: ['is_bot'] },
  { name: 'bot_name', title: 'Bot name', kind: 'text', aliases: [], anyCase: true },
  { name: 'bot_kind', title: 'Bot kind', kind: 'text', aliases: [], anyCase: true },
  { name: 'bot_verified', title: 'Bot verified', kind: 'flag', aliases: ['verified_bot'], hubOnly: true },
  { name: 'user_agent', title: 'User agent', kind: 'text', aliases: ['user_agent.original', 'agent'], anyCase: true },
  { name: 'origin', title: 'Origin', kind: 'text', aliases: [], anyCase: true },
  { name: 'consent', title: 'Consent', kind: 'text', aliases: ['consent_state'], anyCase: true, hubOnly: true },
  { name: 'threat_score', title: 'Threat score', kind: 'number', aliases: [], hubOnly: true },
  { name: 'attack_score', title: 'Attack score', kind: 'number', aliases: [], hubOnly: true },
  { name: 'duration_ms', title: 'Duration (ms)', kind: 'number', aliases: ['duration'] },
  { name: 'bytes_in', title: 'Bytes in', kind: 'number', aliases: ['http.request.body.size'] },
  { name: 'bytes_out', title: 'Bytes out', kind: 'number', aliases: ['bytes', 'http.response.body.size'] },
] as const satisfies readonly Field[];

/** Those that `vedette report` finds in access logs. */
export const LOG_FIELDS: readonly (Field & { name: FieldName })[] = FIELDS.filter((field) => !('hubOnly' in field));

export type FieldName = (typeof FIELDS)[number]['name'];

const byName = new Map<string, Field & { name: FieldName }>();
for (const field of FIELDS) {
  byName.set(field.name, field);
  for (const alias of field.aliases) byName.set(alias, field);
}

/** The field of that name or alias, or undefined. */
export function findField(name: string): (Field & { name: FieldName }) | undefined {
  return byName.get(name.toLowerCase());
}
