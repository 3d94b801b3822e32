import * as library from '@reunite/ghes-client';

/** All that the client library offers. */
export type ClientLibrary = typeof library;

/** The library, and which of its operations were called and came back. */
export interface RecordedClient {
  readonly ghes: ClientLibrary;
  /** Operations of the client that nobody called to the end. */
  readonly missing: () => string[];
  readonly called: () => string[];
}

/** Wraps the whole namespace, so that no operation can be forgotten: what the library lists is what must be called. */
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
          watched((value as (...all: unknown[]) => unknown)(...parameters), () => done.add(name));
      },
    },
  );
  return {
    ghes,
    called: () => names.filter((name) => done.has(name)),
    missing: () => names.filter((name) => !done.has(name)),
  };
}

/** A call counts when its promise is fulfilled or its last page was read. */
function watched(result: unknown, onDone: () => void): unknown {
  if (result instanceof Promise) return result.then((value: unknown) => (onDone(), value));
  return watchedItems(result as AsyncIterable<unknown>, onDone);
}

async function* watchedItems(
  items: AsyncIterable<unknown>,
  onDone: () => void,
): AsyncGenerator<unknown, void, undefined> {
  yield* items;
  onDone();
}
