import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { IsolatedProcesses } from '../src/builds/isolation/isolated-processes.js';
import { TASK_FOLDERS } from './task-folders.js';

/** Returns a content store whose repositories wait before every `readPath`. */
export function waitingContent(content: ContentStore, wait: () => Promise<void>): ContentStore {
  return {
    removeRepository: (id) => content.removeRepository(id),
    repositories: () => content.repositories(),
    removeLeftovers: (before) => content.removeLeftovers(before),
    withLocalCopy: (id, work) => content.withLocalCopy(id, work),
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

/** Processes that wait before every build and lint. */
export class WaitingProcesses extends IsolatedProcesses {
  constructor(private readonly wait: () => Promise<void>) {
    super({ timeoutSeconds: 60, memoryMb: 512, folders: TASK_FOLDERS });
  }

  override async run(...task: Parameters<IsolatedProcesses['run']>): Promise<never> {
    await this.wait();
    return (await super.run(...task)) as never;
  }
}

/** Blocks callers of `arrive` until the test calls `open`. */
export class Gate {
  arrived = false;
  open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  readonly arrive = (): Promise<void> => {
    this.arrived = true;
    return this.opened;
  };
}
