import type { jobs, PayloadOf } from '@reunite/contracts';
import { finishDeployment, forgetStart, isBuilding, startDeployment } from '@reunite/deployments';
import type { BuildOutcome, DeploymentUnitOfWork } from '@reunite/deployments';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import { BuildTimeoutError } from '../builds/build-timeout.error.js';
import { IsolatedTaskError } from '../builds/isolated-task.error.js';
import type { SiteBuilds } from '../builds/site-builds.js';
import { TooManyStartsError } from '../builds/too-many-starts.error.js';
import { WantedRun } from '../builds/wanted-run.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import { measureBuild } from './deployment-metrics.js';
import type { PublicationGate } from './publication-gate.js';

/**
 * Builds a deployment and makes it current, unless its checks keep it from production. Safe to run twice: files are written to a temporary folder and moved into
 * place at the end, and a deployment that was superseded meanwhile does not change (P7).
 */
export class BuildDeploymentHandler implements JobHandler<typeof jobs.buildDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: DeploymentUnitOfWork,
    private readonly builds: SiteBuilds,
    private readonly artifacts: ArtifactStore,
    private readonly gate: PublicationGate,
    private readonly maxStarts: number,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.buildDeployment>, run: JobRun): Promise<null> {
    const started = await this.unitOfWork.run({ deploymentId }, (work) => startDeployment(work, deploymentId));
    if (!started) return null;
    const record = measureBuild(started.deployment);
    const wanted = new WantedRun(() => isBuilding(this.dataSource.manager, deploymentId));
    try {
      if (started.deployment.attempts >= this.maxStarts) throw new TooManyStartsError(this.maxStarts);
      const signal = AbortSignal.any([run.signal, wanted.signal]);
      const built = await this.builds.run(started, signal);
      const outcome = await this.gate.outcomeOf(started, built, signal);
      await this.finish(deploymentId, outcome);
      record(outcome.state, true);
    } catch (error) {
      if (wanted.signal.aborted) {
        record('cancelled', false);
        return null;
      }
      if (run.signal.aborted) {
        // The worker is stopping: the next one repeats the build, and this start does not count as a failure.
        record('interrupted', false);
        await forgetStart(this.dataSource.manager, deploymentId);
        throw error;
      }
      if (!isPermanent(error) && !run.lastAttempt) {
        record('retried', false);
        throw error;
      }
      const outcome = failureOf(error);
      await this.finish(deploymentId, outcome);
      record(outcome.state, true);
    } finally {
      wanted.stop();
    }
    return null;
  }

  private async finish(deploymentId: string, outcome: BuildOutcome): Promise<void> {
    await this.unitOfWork.run({ deploymentId }, async (work) => {
      const visible = await finishDeployment(work, deploymentId, outcome);
      const unused = !visible || outcome.state !== 'success';
      if (unused) work.afterCommit.run('remove artifacts', () => this.artifacts.remove(deploymentId));
    });
  }
}

function failureOf(error: unknown): BuildOutcome {
  return {
    state: error instanceof BuildTimeoutError ? 'timed_out' : 'failed',
    reason: userMessage(error),
    lintable: error instanceof IsolatedTaskError && error.problems.length > 0,
  };
}
