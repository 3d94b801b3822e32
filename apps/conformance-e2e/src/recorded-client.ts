import * as library from '@reunite/ghes-client';

/** The exports of the client library. */
export type ClientLibrary = typeof library;

/** The client library, with a record of the operations that were called and completed. */
export interface RecordedClient {
  readonly ghes: ClientLibrary;
  /** Operations that did not complete. */
  readonly missing: () => string[];
  /** Operations that completed. */
  readonly called: () => string[];
}

/** Wraps all operations that the library lists, so that a new operation is missing until the scenario calls it. */
export function recordClient(): RecordedClient {
  const done = new Set<string>();
  const names = Object.keys(library.ghesOperations);
  const ghes = new Proxy(
    { ...library },
    {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof name !== 'string' || typeof value !== 'function' || !names.includes(name)) return value;
        return (...parameters: unknown[]) =>
          recordResult((value as (...all: unknown[]) => unknown)(...parameters), () => done.add(name));
      },
    },
  );
  return {
    ghes,
    called: () => names.filter((name) => done.has(name)),
    missing: () => names.filter((name) => !done.has(name)),
  };
}

/** Calls `onDone` when the promise is fulfilled or the last page is read. */
function recordResult(result: unknown, onDone: () => void): unknown {
  if (result instanceof Promise) return result.then((value: unknown) => (onDone(), value));
  return recordItems(result as AsyncIterable<unknown>, onDone);
}

async function* recordItems(
  items: AsyncIterable<unknown>,
  onDone: () => void,
): AsyncGenerator<unknown, void, undefined> {
  yield* items;
  onDone();
}
