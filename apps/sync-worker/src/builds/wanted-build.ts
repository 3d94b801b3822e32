import { DeploymentEntity } from '@reunite/deployments';
import type { DataSource } from 'typeorm';
import { BuildEndedError } from './build-ended.error.js';

const POLL_MS = 1_000;

/** Aborts a build soon after its deployment is cancelled or removed, so that the worker can build another one. */
export class WantedBuild {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(dataSource: DataSource, deploymentId: string) {
    const where = { id: deploymentId, state: 'in_progress' as const };
    const poll = async () => {
      if (!(await dataSource.manager.existsBy(DeploymentEntity, where))) this.controller.abort(new BuildEndedError());
    };
    // An unavailable database does not stop the build.
    this.timer = setInterval(() => void poll().catch(() => undefined), POLL_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
