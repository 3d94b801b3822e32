import type { BuildOutcome, StartedDeployment } from '@reunite/deployments';
import type { BuildLimits } from '@reunite/site-builder';
import { linkFindings, publicationBlockers } from '@reunite/site-checks';
import type { ContentTasks } from '../builds/isolation/content-tasks.js';
import type { LintTask, TaskResults } from '../builds/isolation/tasks.js';

export interface GateSettings {
  readonly limits: BuildLimits;
  readonly timeoutSeconds: number;
}

/**
 * Decides whether a built site is published. If the project keeps builds with failed checks from production, builds of the
 * production branch are linted first. Previews and promotions, which a user decides on, are published in any case.
 */
export class PublicationGate {
  constructor(
    private readonly tasks: ContentTasks,
    private readonly settings: GateSettings,
  ) {}

  /** @throws what a lint throws in an isolated process; then the site is not published */
  async outcomeOf(
    { deployment, project }: StartedDeployment,
    { pages, bytes, problems, exempt }: TaskResults['build'],
    signal: AbortSignal,
  ): Promise<BuildOutcome> {
    const links = linkFindings(problems);
    const published = { state: 'success', pages, bytes, links } as const;
    if (deployment.environment !== 'production' || project.productionChecks !== 'block') return published;
    const { limits, timeoutSeconds } = this.settings;
    const source = { limits, repositoryId: project.repositoryId, tree: deployment.tree };
    const run = { signal, timeoutSeconds, onLog: () => undefined };
    const lint = await this.tasks.run<LintTask>({ kind: 'lint', ...source }, run);
    const reasons = publicationBlockers(problems, exempt, lint.blocking);
    if (reasons.length === 0) return { ...published, lint };
    const reason = `Not published: ${reasons.join(', ')}. Production shows the previous deployment.`;
    return { state: 'failed', reason, checks: { links, lint } };
  }
}
