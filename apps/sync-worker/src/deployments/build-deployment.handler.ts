import type { jobs, PayloadOf } from '@reunite/contracts';
import {
  endChecks,
  finishCheck,
  finishDeployment,
  forgetStart,
  holdProject,
  startDeployment,
} from '@reunite/deployments';
import type { BuildOutcome, StartedDeployment } from '@reunite/deployments';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { linkFindings } from '@reunite/site-checks';
import type { Problem } from '@reunite/site-builder';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import { BuildTimeoutError } from '../builds/build-timeout.error.js';
import { IsolatedTaskError } from '../builds/isolated-task.error.js';
import type { SiteBuilds } from '../builds/site-builds.js';
import { TooManyStartsError } from '../builds/too-many-starts.error.js';
import { WantedBuild } from '../builds/wanted-build.js';
import type { DeploymentPlanner } from './deployment-planner.js';
import { explain, isLasting } from '../interactive/explain.js';
import { holdConnection } from '../connections/held-connection.js';
import { noEffects } from '../maintenance/queued-effects.js';
import type { QueuedEffects } from '../maintenance/queued-effects.js';

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
    private readonly maxStarts: number,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.buildDeployment>, run: JobRun): Promise<null> {
    const started = await this.dataSource.transaction((db) => startDeployment(db, deploymentId));
    if (!started) return null;
    const wanted = new WantedBuild(this.dataSource, deploymentId);
    try {
      if (started.deployment.attempts >= this.maxStarts) throw new TooManyStartsError(this.maxStarts);
      const { pages, problems } = await this.builds.run(started, AbortSignal.any([run.signal, wanted.signal]));
      await this.finish(started, { state: 'success', pages }, problems);
    } catch (error) {
      if (wanted.signal.aborted) return null;
      if (run.signal.aborted) {
        // A service that stops leaves the build to the next one, and has not failed it.
        await forgetStart(this.dataSource.manager, deploymentId);
        throw error;
      }
      if (!isLasting(error) && !run.lastAttempt) throw error;
      const problems = error instanceof IsolatedTaskError ? error.problems : [];
      const state = error instanceof BuildTimeoutError ? 'timed_out' : 'failed';
      await this.finish(started, { state, reason: explain(error) }, problems);
    } finally {
      wanted.stop();
    }
    return null;
  }

  private async finish(started: StartedDeployment, outcome: BuildOutcome, problems: readonly Problem[]): Promise<void> {
    const { deployment, project } = started;
    const { addresses } = this.planner;
    const { statuses } = noEffects();
    const useful = await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { repositoryId: project.repositoryId });
      const useful = await finishDeployment(db, started, outcome, { addresses, statuses });
      const held = await holdProject(db, project.id);
      if (!held) return useful;
      const reporting = { db, project: held, addresses, statuses };
      if (outcome.state === 'success') await finishCheck(reporting, deployment, 'links', linkFindings(problems));
      else {
        // What the builder found in the content, the lint finds too, and more. After a time-out it would only take as long.
        const unchecked = problems.length > 0 ? (['links'] as const) : (['links', 'lint'] as const);
        await endChecks(reporting, deployment, 'Not checked: the build failed', unchecked);
      }
      return useful;
    });
    if (!useful) await this.artifacts.remove(deployment.id);
    await this.effects.enqueue({ statuses, checks: [deployment.id] });
  }
}
