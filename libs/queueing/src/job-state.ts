/** State that this library keeps in a job's data, next to the payload. The payload's schema drops it. */
export interface JobState {
  /** Interactive jobs: how long the caller waits after adding it, in milliseconds. */
  readonly timeoutMs?: number;
  /** Starts that were deferred before the handler began. */
  readonly deferrals?: number;
  /** W3C `traceparent` of the operation that added the job. */
  readonly traceparent?: string;
}

const KEY = '$queue';

export function stateOf({ data }: { readonly data: unknown }): JobState {
  return (data as { readonly [KEY]?: JobState } | null)?.[KEY] ?? {};
}

export function withState(data: unknown, state: JobState): object {
  return { ...(data as object), [KEY]: { ...stateOf({ data }), ...state } };
}
