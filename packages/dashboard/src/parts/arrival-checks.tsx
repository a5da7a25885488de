import type { Source } from '@vedette/contract';
import { useState } from 'react';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Command } from './command.tsx';

interface Props {
  /** Opens by itself once it is needed. */
  late: boolean;
  /** Sources that were heard of without a request that was taken. */
  trouble: readonly Source[];
  url: string;
}

/** What to look at when nothing arrives; first of all what the hub itself has seen go wrong. */
export function ArrivalChecks({ late, trouble, url }: Props) {
  const { tenant } = useView();
  const [toggled, setToggled] = useState<boolean | null>(null);
  const open = toggled ?? (late || trouble.length > 0);
  const { checks } = text.firstSteps;
  return (
    <details className="panel step checks" open={open} onToggle={(event) => setToggled(event.currentTarget.open)}>
      <summary>
        <h2>{text.firstSteps.checkTitle}</h2>
      </summary>
      {trouble.map(({ id, name, refused, last_error: error }) => (
        <p key={id} className="checks-trouble">
          <strong>{text.firstSteps.trouble(name || text.sources.unnamed, refused)}</strong> {error?.text}
        </p>
      ))}
      <ol>
        <li>{checks.traffic}</li>
        <li>
          {checks.reach}
          <Command line={text.firstSteps.healthCommand(url)} />
        </li>
        <li>
          {checks.key}
          <Command line={text.firstSteps.keyListCommand(tenant.slug)} />
        </li>
        {!tenant.installation && <li>{checks.domain(tenant.name || tenant.slug)}</li>}
        <li>{checks.time}</li>
        <li>{checks.log}</li>
      </ol>
    </details>
  );
}
