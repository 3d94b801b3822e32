import type { jobs, PayloadOf } from '@reunite/contracts';
import { endChecks, finishCheck, holdProject, startCheck } from '@reunite/deployments';
import type { Reporting, StartedCheck } from '@reunite/deployments';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { BuildLimits } from '@reunite/site-builder';
import type { DataSource } from 'typeorm';
import type { IsolatedProcesses } from '../builds/isolation/isolated-processes.js';
import { TooManyStartsError } from '../builds/too-many-starts.error.js';
import type { DeploymentPlanner } from './deployment-planner.js';
import { explain, isLasting } from '../interactive/explain.js';
import { holdConnection } from '../connections/held-connection.js';
import { noEffects } from '../maintenance/queued-effects.js';
import type { QueuedEffects } from '../maintenance/queued-effects.js';

export interface CheckSettings {
  readonly contentUrl: string;
  readonly limits: BuildLimits;
  readonly maxStarts: number;
}

/**
 * Lints what a deployment was built from, after its build: the preview must not wait for it. Safe to run twice: the first
 * run to end writes the result, in one transaction with its status.
 */
export class CheckDeploymentHandler implements JobHandler<typeof jobs.checkDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly processes: IsolatedProcesses,
    private readonly planner: DeploymentPlanner,
    private readonly effects: QueuedEffects,
    private readonly settings: CheckSettings,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.checkDeployment>, run: JobRun): Promise<null> {
    const started = await this.dataSource.transaction((db) => startCheck(db, deploymentId, 'lint'));
    if (!started) return null;
    const { deployment, project } = started;
    const { contentUrl, limits, maxStarts } = this.settings;
    try {
      if (started.attempts >= maxStarts) throw new TooManyStartsError(maxStarts);
      const task = { kind: 'lint', contentUrl, limits, repositoryId: project.repositoryId } as const;
      const tree = { tree: deployment.tree };
      const result = await this.processes.run({ ...task, ...tree }, { signal: run.signal, onLog: () => undefined });
      await this.report(started, (reporting) => finishCheck(reporting, deployment, 'lint', result));
    } catch (error) {
      if (run.signal.aborted) throw error;
      if (!isLasting(error) && !run.lastAttempt) throw error;
      await this.report(started, (reporting) => endChecks(reporting, deployment, explain(error), ['lint']));
    }
    return null;
  }

  private async report(started: StartedCheck, write: (reporting: Reporting) => Promise<void>): Promise<void> {
    const { statuses } = noEffects();
    const { addresses } = this.planner;
    await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { repositoryId: started.project.repositoryId });
      const project = await holdProject(db, started.project.id);
      if (project) await write({ db, project, addresses, statuses });
    });
    await this.effects.enqueue({ statuses });
  }
}
