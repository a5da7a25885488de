import type { Ownership } from '@vedette/contract';
import { useCheckDomain, useOwnership } from '../../api/domains.ts';
import { domains as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Command } from '../command.tsx';
import { Failure } from '../failure.tsx';
import { Icon } from '../icon.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** What to publish so that a domain is known to be the tenant's, and whether it was found. */
export function ProveDomain({ pattern, onClose }: { pattern: string; onClose: () => void }) {
  const query = useOwnership(pattern);
  const check = useCheckDomain();
  const found = check.data ?? query.data;
  const proved = found?.state === 'verified';
  return (
    <Dialog
      title={words.proof.title(pattern)}
      busy={check.isPending}
      onSubmit={() => (proved ? onClose() : check.mutate(pattern))}
      onClose={onClose}
      {...(!proved && {
        action: (
          <button type="submit" className="button primary" disabled={check.isPending || found === undefined}>
            {check.isPending ? words.proof.checking : words.proof.check}
          </button>
        ),
      })}
    >
      <Answered query={query}>{(ownership) => <Steps ownership={ownership} />}</Answered>
      <div role="status">
        {proved && (
          <p className="good-note">
            <Icon name="check" />
            <span>{words.proof.found(pattern)}</span>
          </p>
        )}
        {found !== undefined && !proved && found.error !== null && !check.isPending && (
          <p className="bad-note">
            <Icon name="warning" />
            <span>
              {words.proof.notFound(found.error)} {words.proof.slow}
            </span>
          </p>
        )}
      </div>
      <Failure error={check.error} />
    </Dialog>
  );
}

function Steps({ ownership: { dns, file } }: { ownership: Ownership }) {
  return (
    <div className="stack">
      <p>{words.proof.lead}</p>
      {dns !== null && (
        <section className="proof-step">
          <h3>{words.proof.dns}</h3>
          <p className="muted">{words.proof.dnsLead}</p>
          <dl>
            <dt>{words.proof.name}</dt>
            <dd>
              <Command line={dns.name} />
            </dd>
            <dt>{words.proof.value}</dt>
            <dd>
              <Command line={dns.value} />
            </dd>
          </dl>
        </section>
      )}
      <section className="proof-step">
        <h3>{words.proof.file}</h3>
        <p className="muted">{words.proof.fileLead}</p>
        <dl>
          <dt>{words.proof.url}</dt>
          <dd>
            <Command line={file.url} />
          </dd>
          <dt>{words.proof.content}</dt>
          <dd>
            <Command line={file.content} />
          </dd>
        </dl>
      </section>
    </div>
  );
}
