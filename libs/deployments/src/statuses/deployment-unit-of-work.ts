import type { UnitOfWork, Work, WorkScope } from '@reunite/unit-of-work';
import { previewUrl } from '../planning/preview-url.rules.js';
import type { StatusLinks } from './desired-statuses.rules.js';

/** A unit of work that changes deployments, with the URLs that the statuses of their commits link to. */
export interface DeploymentWork extends Work {
  readonly links: StatusLinks;
}

/** Runs units of work that change deployments. */
export class DeploymentUnitOfWork {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly links: StatusLinks,
  ) {}

  /** See {@link UnitOfWork.run}. */
  run<Result>(scope: WorkScope, operation: (work: DeploymentWork) => Promise<Result>): Promise<Result> {
    return this.unitOfWork.run(scope, (work) => operation({ ...work, links: this.links }));
  }
}

/**
 * Links of statuses to the console and to previews.
 *
 * @param previewUrlTemplate see {@link previewUrl}
 */
export function statusLinks(consoleUrl: string, previewUrlTemplate: string): StatusLinks {
  return {
    deploymentPage: (id) => new URL(`/deployments/${id}`, consoleUrl).href,
    preview: (id) => previewUrl(previewUrlTemplate, id),
  };
}
