import { whyRefused } from './access/access-failure.tsx';

/** Why the hub did not do it, below what was to be done. */
export function Failure({ error }: { error: unknown }) {
  if (error === null) return null;
  return (
    <p className="form-error" role="alert">
      {whyRefused(error)}
    </p>
  );
}
