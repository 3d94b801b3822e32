import type { jobs, PayloadOf } from '@reunite/contracts';
import { finishDeployment, startDeployment } from '@reunite/deployments';
import type { BuildOutcome, StartedDeployment } from '@reunite/deployments';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import type { SiteBuilds } from '../builds/site-builds.js';
import type { DeploymentPlanner } from '../deployment-planner.js';
import { explain, isLasting } from '../explain.js';
import { holdConnection } from '../held-connection.js';
import { noEffects } from '../queued-effects.js';
import type { QueuedEffects } from '../queued-effects.js';

/**
 * Builds a deployment and makes it current. Safe to run twice: files are written aside and put in place at the end, and
 * a deployment that was superseded meanwhile is not touched any more (P7).
 */
export class BuildDeploymentHandler implements JobHandler<typeof jobs.buildDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly builds: SiteBuilds,
    private readonly artifacts: ArtifactStore,
    private readonly planner: DeploymentPlanner,
    private readonly effects: QueuedEffects,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.buildDeployment>, run: JobRun): Promise<null> {
    const started = await this.dataSource.transaction((db) => startDeployment(db, deploymentId));
    if (!started) return null;
    try {
      await this.finish(started, { state: 'success', pages: await this.builds.run(started, run.signal) });
    } catch (error) {
      // A service that stops leaves the build to the next one.
      if (run.signal.aborted) throw error;
      if (!isLasting(error) && !run.lastAttempt) throw error;
      await this.finish(started, { state: 'failed', reason: explain(error) });
    }
    return null;
  }

  private async finish(started: StartedDeployment, outcome: BuildOutcome): Promise<void> {
    const { statuses } = noEffects();
    const { addresses } = this.planner;
    const { repositoryId } = started.project;
    const useful = await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { repositoryId });
      return finishDeployment(db, started, outcome, { addresses, statuses });
    });
    if (!useful) await this.artifacts.remove(started.deployment.id);
    await this.effects.enqueue({ statuses });
  }
}
