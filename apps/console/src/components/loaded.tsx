import type { ReactNode } from 'react';
import { ProblemError } from '../api/problem.error.js';
import { Loading } from './loading.js';
import { Notice } from './notice.js';
import { PageNotFound } from './page-not-found.js';

/** A response of the API: a query, or one page of all loaded pages of a list. */
export interface Resource<Answer> {
  /** The latest response; it stays while a newer one is read. Undefined before the first one. */
  readonly data: Answer | undefined;
  /** The error of the latest read. */
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface LoadedProps<Answer> {
  readonly resource: Resource<Answer>;
  /** Name of the resource, for `Loading …` and `Could not load …`. */
  readonly what: string;
  /** True if the resource is the page: if it does not exist, the page is replaced by a “Not found” page. */
  readonly isPage?: boolean;
  readonly children: (answer: Answer) => ReactNode;
}

/** Shows a resource, its loading state or its error. If a refresh fails, the old data stays, marked as outdated. */
export function Loaded<Answer>({ resource, what, isPage = false, children }: LoadedProps<Answer>) {
  const { data, error, refetch } = resource;
  const gone = error instanceof ProblemError && error.status === 404;
  const retry = (
    <button type="button" className="button" onClick={() => void refetch()}>
      Try again
    </button>
  );
  if (gone && isPage) return <PageNotFound>{error.message}</PageNotFound>;
  if (error && (data === undefined || gone)) {
    return (
      <Notice tone="bad" title={gone ? 'Not found' : `Could not load ${what}`} action={gone ? undefined : retry}>
        {error.message}
      </Notice>
    );
  }
  if (data === undefined) {
    return <Loading what={what} />;
  }
  return (
    <>
      {error && (
        <Notice tone="warn" title={`Could not refresh ${what}; showing the last known state`} action={retry}>
          {error.message}
        </Notice>
      )}
      {children(data)}
    </>
  );
}
