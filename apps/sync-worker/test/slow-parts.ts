import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { IsolatedProcesses } from '../src/builds/isolation/isolated-processes.js';

/** A store whose repositories wait before every `readPath`. */
export function waitingContent(content: ContentStore, wait: () => Promise<void>): ContentStore {
  return {
    removeRepository: (id) => content.removeRepository(id),
    repositories: () => content.repositories(),
    removeLeftovers: (before) => content.removeLeftovers(before),
    close: () => content.close(),
    repository: (id) =>
      new Proxy(content.repository(id), {
        get: (objects, name: keyof RepositoryObjects) =>
          name !== 'readPath'
            ? objects[name].bind(objects)
            : (...args: [string, string]) => wait().then(() => objects.readPath(...args)),
      }),
  };
}

/** Builds and lints that wait before they begin. */
export class WaitingProcesses extends IsolatedProcesses {
  constructor(private readonly wait: () => Promise<void>) {
    super({ timeoutSeconds: 60, memoryMb: 512 });
  }

  override async run(...task: Parameters<IsolatedProcesses['run']>): Promise<never> {
    await this.wait();
    return (await super.run(...task)) as never;
  }
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
