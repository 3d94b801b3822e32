import { jobs } from '@reunite/contracts';
import type { PayloadOf } from '@reunite/contracts';
import { appendLog, DeploymentEntity, finishDeployment, startDeployment } from '@reunite/deployments';
import type { DeploymentUnitOfWork } from '@reunite/deployments';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';

/**
 * Publishes the files of another deployment to production. Production changes in one transaction. Safe to run twice:
 * files are put in place whole, and a deployment that was superseded meanwhile does not change (P7).
 */
export class PromoteDeploymentHandler implements JobHandler<typeof jobs.promoteDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: DeploymentUnitOfWork,
    private readonly artifacts: ArtifactStore,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.promoteDeployment>): Promise<null> {
    const started = await this.unitOfWork.run({ deploymentId }, (work) => startDeployment(work, deploymentId));
    if (!started) return null;
    const { sourceId } = started.deployment;
    const source = sourceId ? await this.dataSource.manager.findOneBy(DeploymentEntity, { id: sourceId }) : null;
    const { pages = null, artifactBytes = null } = source ?? {};
    if (source && pages !== null && (await this.artifacts.copy(source.id, deploymentId))) {
      await appendLog(this.dataSource.manager, started, [logLine('Reusing the files of its source')]);
      await this.finish(deploymentId, { pages, bytes: artifactBytes ?? 0 });
    } else {
      await this.unitOfWork.run({ deploymentId }, async ({ db, afterCommit }) => {
        await appendLog(db, started, [logLine('The files of its source are gone; building again')]);
        afterCommit.enqueue(jobs.buildDeployment, { deploymentId });
      });
    }
    return null;
  }

  private async finish(deploymentId: string, site: { readonly pages: number; readonly bytes: number }): Promise<void> {
    await this.unitOfWork.run({ deploymentId }, async (work) => {
      const visible = await finishDeployment(work, deploymentId, { state: 'success', ...site });
      if (!visible) work.afterCommit.run('remove artifacts', () => this.artifacts.remove(deploymentId));
    });
  }
}

function logLine(message: string) {
  return { sequence: 1, at: new Date(), level: 'info', message, file: null, line: null } as const;
}
