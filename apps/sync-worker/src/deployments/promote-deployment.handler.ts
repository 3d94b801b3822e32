import type { jobs, PayloadOf } from '@reunite/contracts';
import { appendLog, DeploymentEntity, finishDeployment, startDeployment } from '@reunite/deployments';
import type { StartedDeployment } from '@reunite/deployments';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { ArtifactStore } from '../builds/artifact-store.js';
import type { DeploymentPlanner } from './deployment-planner.js';
import { holdConnection } from '../connections/held-connection.js';
import { noEffects } from '../maintenance/queued-effects.js';
import type { QueuedEffects } from '../maintenance/queued-effects.js';

/**
 * Makes production of what was built already; what production shows changes in one transaction. Safe to run twice: files
 * are put in place whole, and a deployment that was superseded meanwhile is not touched any more (P7).
 */
export class PromoteDeploymentHandler implements JobHandler<typeof jobs.promoteDeployment> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactStore,
    private readonly planner: DeploymentPlanner,
    private readonly effects: QueuedEffects,
  ) {}

  async handle({ deploymentId }: PayloadOf<typeof jobs.promoteDeployment>): Promise<null> {
    const { manager } = this.dataSource;
    const { sourceId } = (await manager.findOneBy(DeploymentEntity, { id: deploymentId })) ?? {};
    const source = sourceId ? await manager.findOneBy(DeploymentEntity, { id: sourceId }) : null;
    const started = await this.dataSource.transaction((db) => startDeployment(db, deploymentId));
    if (!started) return null;
    const pages = source?.pages ?? null;
    if (source && pages !== null && (await this.artifacts.copy(source.id, deploymentId))) {
      await this.say(started, 'Its site was built already');
      await this.finish(started, pages);
    } else {
      await this.say(started, 'Its site is gone; it is built again');
      await this.effects.enqueue({ builds: [{ deploymentId, preview: false }] });
    }
    return null;
  }

  private say(started: StartedDeployment, message: string): Promise<void> {
    const line = { sequence: 1, at: new Date(), level: 'info', message, file: null, line: null } as const;
    return appendLog(this.dataSource.manager, started, [line]);
  }

  private async finish(started: StartedDeployment, pages: number): Promise<void> {
    const { statuses } = noEffects();
    const { addresses } = this.planner;
    const useful = await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { repositoryId: started.project.repositoryId });
      return finishDeployment(db, started, { state: 'success', pages }, { addresses, statuses });
    });
    if (!useful) await this.artifacts.remove(started.deployment.id);
    await this.effects.enqueue({ statuses });
  }
}
