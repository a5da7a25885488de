import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { describeError, isUnreachable, Problem } from '../api/client.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { ErrorState } from './ui/error-state.tsx';
import { Skeleton } from './ui/skeleton.tsx';

interface Props<T> {
  query: UseQueryResult<T>;
  /** Stands in for the answer while it is under way. */
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}

/**
 * What a question was answered, or how it stands with it: under way, refused, failed. An answer that a newer failure left
 * behind stays, and says so.
 */
export function Answered<T>({ query, loading, children }: Props<T>) {
  const { data, error, isPlaceholderData, refetch } = query;
  if (data === undefined) {
    if (error instanceof Problem && error.status === 403) return <Forbidden error={error} />;
    if (error !== null && !isUnreachable(error)) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return loading ?? <Skeleton />;
  }
  return (
    <div className={isPlaceholderData ? 'answered stale' : 'answered'}>
      <StaleNote query={query} />
      {children(data)}
    </div>
  );
}

/** Says that what is shown is not the newest, because asking again failed. */
export function StaleNote({ query: { data, error } }: { query: Pick<UseQueryResult, 'data' | 'error'> }) {
  if (data === undefined || error === null || isUnreachable(error)) return null;
  return (
    <p className="stale-note" role="status">
      {text.error.stale(describeError(error).title)}
    </p>
  );
}

/** A refusal for what one may not do, in the hub's words. */
function Forbidden({ error }: { error: Problem }) {
  const { title, detail, lang } = describeError(error);
  return <NotAllowed why={<span lang={lang}>{detail || title}</span>} />;
}

/** Says that this session may not see or do something, and why. */
export function NotAllowed({ why }: { why: ReactNode }) {
  return (
    <p className="not-allowed">
      <Icon name="lock" />
      <span>
        <strong>{text.error.notAllowed}</strong> {why}
      </span>
    </p>
  );
}
