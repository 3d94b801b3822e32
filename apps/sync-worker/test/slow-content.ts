import type { ContentStore, RepositoryObjects } from '@reunite/content-store';

/** A store whose repositories wait before every `read` or `readPath`. */
export function waitingBefore(
  method: 'read' | 'readPath',
  content: ContentStore,
  wait: () => Promise<void>,
): ContentStore {
  return {
    removeRepository: (id) => content.removeRepository(id),
    close: () => content.close(),
    repository: (id) =>
      new Proxy(content.repository(id), {
        get: (objects, name: keyof RepositoryObjects) =>
          name !== method
            ? objects[name].bind(objects)
            : (...args: [string, string]) => wait().then(() => objects[method](...args) as Promise<unknown>),
      }),
  };
}

/** What `arrive` waits for until it is opened. */
export class Gate {
  arrived = false;
  open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  readonly arrive = (): Promise<void> => {
    this.arrived = true;
    return this.opened;
  };
}
