import type { jobs, PayloadOf } from '@reunite/contracts';
import { settingsPlanned, settingsToPlan } from '@reunite/deployments';
import type { JobHandler } from '@reunite/queueing';
import { PullRequestEntity } from '@reunite/pull-requests';
import type { PullRequestTracker } from '@reunite/pull-requests';
import { GitRefEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DeploymentPlanner } from './deployment-planner.js';

/**
 * Plans every ref of a project's repository by the project's current settings: deploys what they newly include, removes
 * what they no longer include. Safe to run twice: a second plan changes nothing.
 */
export class PlanProjectHandler implements JobHandler<typeof jobs.planProject> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly planner: DeploymentPlanner,
    private readonly tracker: PullRequestTracker,
  ) {}

  async handle({ projectId }: PayloadOf<typeof jobs.planProject>): Promise<null> {
    const settings = await settingsToPlan(this.dataSource.manager, projectId);
    if (!settings) return null;
    const { repositoryId, generation } = settings;
    const refs = await this.dataSource
      .getRepository(GitRefEntity)
      .find({ where: { repositoryId }, order: { name: 'ASC' } });
    for (const { name } of refs) {
      await this.unitOfWork.run({ repositoryId }, (work) =>
        this.planner.planSynced(work, repositoryId, name, 'settings'),
      );
    }
    // Heads that were not synced until now: the ones of forks, if the settings newly include them.
    const pullRequests = await this.dataSource
      .getRepository(PullRequestEntity)
      .find({ where: { repositoryId, state: 'open' }, order: { number: 'ASC' } });
    for (const pullRequest of pullRequests) {
      await this.unitOfWork.run({ repositoryId }, (work) => this.tracker.planHead(work, pullRequest));
    }
    await settingsPlanned(this.dataSource.manager, projectId, generation);
    return null;
  }
}
