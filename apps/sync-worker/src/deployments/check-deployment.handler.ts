import type { jobs, PayloadOf } from '@reunite/contracts';
import { failCheck, finishCheck, isCheckPending, startCheck } from '@reunite/deployments';
import type { DeploymentUnitOfWork } from '@reunite/deployments';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { BuildLimits } from '@reunite/site-builder';
import type { DataSource } from 'typeorm';
import type { ContentTasks } from '../builds/isolation/content-tasks.js';
import type { LintTask } from '../builds/isolation/tasks.js';
import { TooManyStartsError } from '../builds/too-many-starts.error.js';
import { WantedRun } from '../builds/wanted-run.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';

export interface CheckSettings {
  readonly limits: BuildLimits;
  readonly maxStarts: number;
  readonly timeoutSeconds: number;
}

/**
 * Lints the content of a deployment after its build, so that the preview does not wait for it. Stops when the
 * deployment is superseded. Safe to run twice: the first run to finish writes the result, in one transaction with its
 * status.
 */
export class CheckDeploymentHandler implements JobHandler<typeof jobs.checkDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: DeploymentUnitOfWork,
    private readonly tasks: ContentTasks,
    private readonly settings: CheckSettings,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.checkDeployment>, run: JobRun): Promise<null> {
    const started = await this.unitOfWork.run({ deploymentId }, ({ db }) => startCheck(db, deploymentId, 'lint'));
    if (!started) return null;
    const { limits, maxStarts, timeoutSeconds } = this.settings;
    const { repositoryId } = started.project;
    const { tree } = started.deployment;
    const wanted = new WantedRun(() => isCheckPending(this.dataSource.manager, deploymentId, 'lint'));
    const signal = AbortSignal.any([run.signal, wanted.signal]);
    try {
      if (started.attempts >= maxStarts) throw new TooManyStartsError(maxStarts);
      const result = await this.tasks.run<LintTask>(
        { kind: 'lint', limits, repositoryId, tree },
        { signal, timeoutSeconds, onLog: () => undefined },
      );
      await this.unitOfWork.run({ deploymentId }, (work) => finishCheck(work, deploymentId, 'lint', result));
    } catch (error) {
      if (wanted.signal.aborted) return null;
      if (run.signal.aborted) throw error;
      if (!isPermanent(error) && !run.lastAttempt) throw error;
      await this.unitOfWork.run({ deploymentId }, (work) => failCheck(work, deploymentId, 'lint', userMessage(error)));
    } finally {
      wanted.stop();
    }
    return null;
  }
}
