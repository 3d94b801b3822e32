import { DeploymentEntity } from '@reunite/deployments';
import type { DataSource } from 'typeorm';
import { BuildEndedError } from './build-ended.error.js';

const LOOK_MS = 1_000;

/** Aborted soon after a deployment that is being built is superseded or removed: the time is better spent on another. */
export class WantedBuild {
  private readonly ended = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(dataSource: DataSource, deploymentId: string) {
    const where = { id: deploymentId, state: 'in_progress' as const };
    const look = async () => {
      if (!(await dataSource.manager.existsBy(DeploymentEntity, where))) this.ended.abort(new BuildEndedError());
    };
    // A database that is away says nothing about the build.
    this.timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  }

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
