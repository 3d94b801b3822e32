import { use, useEffect, useEffectEvent, useRef, useState } from 'react';
import { get } from './client.js';
import type { Interest } from './interest.js';
import { concerns } from './interest.js';
import { LiveContext } from './live-context.js';
import type { Path } from './paths.js';
import { Reader } from './reader.js';

export interface Resource<Answer> {
  /** The latest response; it stays while a newer one is read. Undefined before the first one. */
  readonly data: Answer | undefined;
  /** The error of the latest read. */
  readonly error: Error | undefined;
  readonly reload: () => void;
}

interface State<Answer> {
  readonly key: string | null;
  readonly data?: Answer;
  readonly error?: Error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Calls `load` on mount and on every live event that matches `interest`. Does nothing while the key is null. */
export function useReading<Answer>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Answer>,
  interest: Interest,
): Resource<Answer> {
  const feed = use(LiveContext);
  const [state, setState] = useState<State<Answer>>({ key });
  const reader = useRef<Reader<Answer>>(null);
  const isConcerned = useEffectEvent((signal: Parameters<typeof concerns>[0]) => concerns(signal, interest));
  const loadNow = useEffectEvent(load);

  useEffect(() => {
    if (key === null) return;
    const current = new Reader<Answer>({
      load: (signal) => loadNow(signal),
      onAnswer: (data) => setState({ key, data }),
      onError: (error) => setState((before) => ({ ...(before.key === key ? before : { key }), error: asError(error) })),
    });
    reader.current = current;
    void current.read();
    const unsubscribe = feed.subscribe((signal) => {
      if (isConcerned(signal)) current.readSoon();
    });
    return () => {
      unsubscribe();
      current.stop();
    };
  }, [key, feed]);

  const mine = state.key === key ? state : undefined;
  return { data: mine?.data, error: mine?.error, reload: () => void reader.current?.read() };
}

/** Loads `path` and keeps it current by live events. Loads nothing while `path` is null. */
export function useResource<Answer>(path: Path<Answer> | null, interest: Interest): Resource<Answer> {
  return useReading(
    path,
    (signal) => (path === null ? Promise.reject(new Error('no path')) : get(path, signal)),
    interest,
  );
}
