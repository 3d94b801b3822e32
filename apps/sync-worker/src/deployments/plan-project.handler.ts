import type { jobs, PayloadOf } from '@reunite/contracts';
import { settingsPlanned, settingsToPlan } from '@reunite/deployments';
import type { JobHandler } from '@reunite/queueing';
import { PullRequestEntity } from '@reunite/pull-requests';
import { GitRefEntity } from '@reunite/repositories';
import type { DataSource, EntityManager } from 'typeorm';
import type { PullRequestEffects } from '../pull-requests/pull-request-effects.js';
import type { DeploymentPlanner } from './deployment-planner.js';
import { holdConnection } from '../connections/held-connection.js';
import { noEffects } from '../maintenance/queued-effects.js';
import type { Effects, QueuedEffects } from '../maintenance/queued-effects.js';

/**
 * Plans every ref of a project's repository by its settings as they are now: what they newly ask for is deployed, what
 * they no longer ask for goes. Planning again changes nothing, so that running twice is running once.
 */
export class PlanProjectHandler implements JobHandler<typeof jobs.planProject> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly planner: DeploymentPlanner,
    private readonly pullRequests: PullRequestEffects,
    private readonly effects: QueuedEffects,
  ) {}

  async handle({ projectId }: PayloadOf<typeof jobs.planProject>): Promise<null> {
    const wanted = await settingsToPlan(this.dataSource.manager, projectId);
    if (!wanted) return null;
    const { repositoryId, generation } = wanted;
    const refs = await this.dataSource
      .getRepository(GitRefEntity)
      .find({ where: { repositoryId }, order: { name: 'ASC' } });
    for (const { name } of refs) {
      await this.held(repositoryId, async (db, effects) => {
        const planned = await this.planner.planSynced(db, repositoryId, name, 'settings');
        effects.builds.push(...(planned?.builds ?? []));
        effects.statuses.push(...(planned?.statuses ?? []));
        effects.removed.push(...(planned?.removed ?? []));
      });
    }
    // Heads that nobody wanted until now: those of forks, where they are newly allowed.
    const open = { repositoryId, state: 'open' as const };
    const pulls = await this.dataSource
      .getRepository(PullRequestEntity)
      .find({ where: open, order: { number: 'ASC' } });
    for (const pull of pulls) {
      await this.held(repositoryId, (db, effects) => this.pullRequests.follow(db, pull, effects));
    }
    await settingsPlanned(this.dataSource.manager, projectId, generation);
    return null;
  }

  private async held(
    repositoryId: string,
    plan: (db: EntityManager, effects: Effects) => Promise<void>,
  ): Promise<void> {
    const effects = noEffects();
    await this.dataSource.transaction(async (db) => {
      await holdConnection(db, { repositoryId });
      await plan(db, effects);
    });
    await this.effects.enqueue(effects);
  }
}
