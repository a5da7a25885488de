import type { RequestRow } from '@vedette/contract';
import { type ReactNode, useState } from 'react';
import { type Chip, exactly, type FieldInfo } from '../model/chip.ts';
import { bytes, duration } from '../model/format.ts';
import { valueCode, valueLabel } from '../model/labels.ts';
import { classOf, requestAddress, requestName } from '../model/request-row.ts';
import { stamp } from '../model/times.ts';
import { copyString } from '../state/copy.ts';
import { useView } from '../state/view-context.ts';
import { text, explore as words } from '../text.ts';
import { Command } from './command.tsx';
import { Icon } from './icon.tsx';
import { Button } from './ui/button.tsx';
import { Dialog } from './ui/dialog.tsx';

interface Props {
  row: RequestRow;
  /** A filter by one of its values was chosen: the dialog is to be closed. */
  onFilter: (chip: Chip) => void;
  onClose: () => void;
}

const GROUPS: Record<keyof typeof words.request.groups, readonly string[]> = {
  what: ['time', 'method', 'domain', 'path', 'route', 'query', 'protocol', 'referrer', 'headers'],
  answer: ['status', 'duration_ms', 'bytes_out', 'bytes_in'],
  who: ['class', 'user_agent', 'browser', 'os', 'device', 'bot', 'bot_name', 'bot_kind', 'bot_verified', 'client_key'],
  where: ['country', 'region', 'city', 'network', 'asn', 'network_kind', 'net_key'],
  told: ['threat_score', 'threat_sources', 'attack_score', 'attack_rules'],
  kept: ['consent', 'visitor_id', 'origin', 'received', 'id'],
};

/** Everything that is kept of one request; a press on a value filters by it. A link to it can be copied. */
export function RequestDialog({ row, onFilter, onClose }: Props) {
  const { fields, tenant } = useView();
  const [copied, setCopied] = useState<boolean | null>(null);
  const values: Record<string, unknown> = { ...row, class: classOf(row) };
  const address = new URL(requestAddress(tenant.slug, row), window.location.href).href;
  const copy = async () => setCopied(await copyString(address));
  return (
    <Dialog
      title={words.request.title}
      of={requestName(row)}
      wide
      onSubmit={onClose}
      onClose={onClose}
      action={
        <>
          <span className="dialog-said muted" role="status">
            {copied === true && words.request.link.copied}
          </span>
          <Button icon="copy" title={words.request.link.help} onClick={() => void copy()}>
            {words.request.link.copy}
          </Button>
        </>
      }
    >
      <div className="request-groups">
        {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
          <section key={group} className="request-group">
            <h3>{words.request.groups[group]}</h3>
            <dl>
              {GROUPS[group].map((name) => (
                <Value
                  key={name}
                  name={name}
                  value={values[name]}
                  field={fields.find((one) => one.name === name)}
                  onFilter={onFilter}
                />
              ))}
            </dl>
          </section>
        ))}
      </div>
      {copied === false && (
        <div role="status">
          <p>{words.request.link.refused}</p>
          <Command line={address} />
        </div>
      )}
    </Dialog>
  );
}

/** A request of a list, which is filtered by what is pressed, and shows. */
export function ListedRequest({ onFilter, onClose, ...rest }: Props) {
  const choose = (chip: Chip) => {
    onFilter(chip);
    onClose();
  };
  return <RequestDialog {...rest} onFilter={choose} onClose={onClose} />;
}

interface ValueProps {
  name: string;
  value: unknown;
  /** Its field, if one can filter by it. */
  field: FieldInfo | undefined;
  onFilter: (chip: Chip) => void;
}

function Value({ name, value, field, onFilter }: ValueProps) {
  const title = words.request.fields[name] ?? field?.title ?? name;
  const shown = inWords(name, value, field);
  const plain = value === null || value === undefined ? '' : String(value);
  // What is not known of a number cannot be asked for.
  const can = field !== undefined && !(field.kind === 'number' && plain === '') && typeof value !== 'object';
  const named = `${title}: ${typeof shown === 'string' ? shown : plain}`;
  return (
    <div className="request-value">
      <dt>{title}</dt>
      <dd>
        {shown}
        {can && (
          <span className="request-filters">
            <button
              type="button"
              className="icon-button small"
              title={words.request.filterBy(named)}
              aria-label={words.request.filterBy(named)}
              onClick={() => onFilter(exactly(name, plain))}
            >
              <Icon name="filter" />
            </button>
            <button
              type="button"
              className="icon-button small"
              title={words.request.leaveOut(named)}
              aria-label={words.request.leaveOut(named)}
              onClick={() => onFilter(exactly(name, plain, true))}
            >
              <Icon name="exclude" />
            </button>
          </span>
        )}
      </dd>
    </div>
  );
}

function inWords(name: string, value: unknown, field: FieldInfo | undefined): ReactNode {
  if (Array.isArray(value))
    return value.length === 0 ? <i className="muted">{words.request.none}</i> : value.join(', ');
  if (value !== null && typeof value === 'object') return <Headers headers={value as Record<string, string>} />;
  if (value === null || value === undefined || value === '') return <i className="muted">{words.request.unknown}</i>;
  const plain = String(value);
  if (name === 'time' || name === 'received') return stamp(Date.parse(plain));
  if (name === 'duration_ms') return duration(Number(value));
  if (name === 'bytes_in' || name === 'bytes_out') return bytes(Number(value));
  if (name === 'class') return text.classes[plain as keyof typeof text.classes];
  if (field?.kind === 'flag') return plain === 'true' ? text.filter.yes : text.filter.no;
  const code = valueCode(name, plain);
  const label = valueLabel(name, plain);
  return code === null || code === label ? label : `${code} ${label}`;
}

function Headers({ headers }: { headers: Record<string, string> }) {
  const names = Object.keys(headers);
  if (names.length === 0) return <i className="muted">{words.request.none}</i>;
  return (
    <ul className="request-headers mono">
      {names.map((name) => (
        <li key={name}>
          {name}: {headers[name]}
        </li>
      ))}
    </ul>
  );
}
