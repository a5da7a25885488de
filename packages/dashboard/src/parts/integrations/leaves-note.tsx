import { type IntegrationDraft, whatLeaves } from '../../model/integration.ts';
import { integrations as words } from '../../text.ts';

/** Says in plain words what leaves to whom with these settings, as they are edited. */
export function LeavesNote({ draft: { enabled, settings } }: { draft: IntegrationDraft }) {
  const said: Record<string, string> = words.leaves[settings.kind];
  const leaves = whatLeaves(settings).flatMap((name) => said[name] ?? []);
  return (
    <div className="leaves" role="region" aria-label={words.leaves.title}>
      <h3>{words.leaves.title}</h3>
      {leaves.length === 0 ? (
        <p>{words.leaves.none}</p>
      ) : (
        <ul className="plain-words">
          {leaves.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {!enabled && leaves.length > 0 && <p className="muted">{words.leaves.off}</p>}
    </div>
  );
}
