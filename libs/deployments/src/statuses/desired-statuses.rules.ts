import { checkNames } from '@reunite/contracts';
import type { CommitState } from '@reunite/contracts';
import type { DeploymentCheckEntity } from '../checks/deployment-check.entity.js';
import { isOpen } from '../lifecycle/deployment-states.rules.js';
import type { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { environmentOf } from '../planning/preview-policy.rules.js';
import type { PolicyRef, PreviewPolicy } from '../planning/preview-policy.rules.js';
import type { ProjectEntity } from '../project/project.entity.js';
import { statusContext } from './commit-status.rules.js';
import type { CommitStatus, StatusCheck } from './commit-status.rules.js';

/** URLs that a status links to. */
export interface StatusLinks {
  /** The page with a deployment's log and diagnostics. */
  readonly deploymentPage: (deploymentId: string) => string;
  /** The published site of a deployment. */
  readonly preview: (deploymentId: string) => string;
}

/** The rows of one project that the statuses of some commits follow from. */
export interface ProjectRows {
  readonly project: Pick<ProjectEntity, 'name' | 'productionChecks' | 'previewChecks'> & PreviewPolicy;
  readonly deployments: readonly DeploymentRow[];
  readonly checks: readonly CheckRow[];
  readonly heads: readonly HeadRow[];
}

/**
 * A commit that a server may require contexts on, because something is merged from it: the head of an open pull request
 * or of a branch of a merge queue.
 */
export interface HeadRow {
  readonly commit: string;
  readonly ref: PolicyRef;
}

export type DeploymentRow = Pick<
  DeploymentEntity,
  | 'id'
  | 'environment'
  | 'commit'
  | 'laterCommits'
  | 'previewedCommits'
  | 'tree'
  | 'state'
  | 'trigger'
  | 'pages'
  | 'reason'
  | 'failure'
>;

export type CheckRow = Pick<DeploymentCheckEntity, 'deploymentId' | 'name' | 'state' | 'summary' | 'newErrors'>;

interface Result {
  readonly state: CommitState;
  readonly description: string;
}

interface Candidate extends Result {
  readonly deploymentId: string;
  readonly tree: string;
}

/** The result of one check of a commit. */
export interface CommitResult extends Result {
  readonly check: StatusCheck;
  /** The deployment that it is about; null if the project does not build the commit. */
  readonly deploymentId: string | null;
}

/**
 * The statuses that commits should have: their {@link desiredResults}, under the names of the project's contexts.
 *
 * @param commits without duplicates; a commit that no row covers and that is no head gets no status
 */
export function desiredStatuses(commits: readonly string[], rows: ProjectRows, links: StatusLinks): CommitStatus[] {
  return commits.flatMap((commit) =>
    desiredResults(commit, rows).map(({ check, deploymentId, ...result }) => {
      const link = check === 'preview' ? links.preview : links.deploymentPage;
      const targetUrl = deploymentId === null ? null : link(deploymentId);
      return { commit, context: statusContext(rows.project.name, check), ...result, targetUrl };
    }),
  );
}

/**
 * The results that a commit should have, by the rows of its project: `build` and the checks for a commit that any deployment
 * covers, `preview` for one that a preview covers. A context names project and commit but no ref, so several deployments
 * can report to it:
 *
 * - The newest one decides, whichever finishes last (P7).
 * - A cancelled one decides only if no other deployment of the same content has a result or will have one.
 * - Content counts as the same if the trees are equal: another root folder gives the same commit another tree.
 *
 * A head that the project does not build succeeds in all contexts, because a branch protection that requires them would
 * wait forever.
 */
export function desiredResults(commit: string, { project, deployments, checks, heads }: ProjectRows): CommitResult[] {
  const refs = heads.filter((head) => head.commit === commit).map(({ ref }) => ref);
  const covering = deployments.filter((deployment) => covers(deployment, commit));
  const previews = covering.filter((deployment) => isPreviewOf(deployment, commit));
  const builds = (of: readonly DeploymentRow[]) => of.map((deployment) => buildCandidate(deployment, commit));
  const candidates = new Map<StatusCheck, Candidate[]>([
    ['build', builds(covering)],
    ['preview', builds(previews)],
    ...checkNames.map((name): [StatusCheck, Candidate[]] => [
      name,
      checkCandidates(
        covering,
        checks.filter((check) => check.name === name),
        (deployment, check) => failureResult(project, deployment, check, commit),
      ),
    ]),
  ]);
  return [...candidates].flatMap(([check, of]): CommitResult[] => {
    const decisive = decisiveCandidate(of);
    if (decisive) {
      const { deploymentId, state, description } = decisive;
      return [{ check, deploymentId, state, description }];
    }
    const reason = reasonNotBuilt(project, refs, check);
    return reason === null
      ? []
      : [{ check, deploymentId: null, state: 'success', description: `Not built: ${reason}` }];
  });
}

/** Returns null for a commit that is no head, and for one that is or will be built. */
function reasonNotBuilt(policy: PreviewPolicy, refs: readonly PolicyRef[], check: StatusCheck): string | null {
  const environments = refs.map((ref) => environmentOf(policy, ref));
  if (refs.length === 0 || environments.includes('preview')) return null;
  if (environments.includes('production')) return check === 'preview' ? 'the production branch has no preview' : null;
  return policy.pullRequestPreviews
    ? 'the project builds no pull requests from forks'
    : 'the project builds no pull requests';
}

/** `error` is the state of a build or check that was cancelled; any other state is a result or a promise of one. */
function decisiveCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const newestFirst = candidates.toSorted((one, other) => (one.deploymentId < other.deploymentId ? 1 : -1));
  const [newest] = newestFirst;
  const sameContent = newestFirst.filter(({ tree }) => tree === newest?.tree);
  return sameContent.find(({ state }) => state !== 'error') ?? newest;
}

function covers({ commit, laterCommits, previewedCommits }: DeploymentRow, wanted: string): boolean {
  return commit === wanted || laterCommits.includes(wanted) || previewedCommits.includes(wanted);
}

function isPreviewOf({ environment, previewedCommits }: DeploymentRow, commit: string): boolean {
  return environment === 'preview' || previewedCommits.includes(commit);
}

function buildCandidate(deployment: DeploymentRow, commit: string): Candidate {
  return { deploymentId: deployment.id, tree: deployment.tree, ...buildResult(deployment, commit) };
}

/** The result stays after the deployment is removed: `pages` is set by a success alone, `failure` by a failure. */
function buildResult(deployment: DeploymentRow, commit: string): Result {
  const { state, trigger, pages, reason } = deployment;
  if (isOpen(deployment)) {
    return { state: 'pending', description: `Waiting to be ${trigger === 'promote' ? 'promoted' : 'built'}` };
  }
  if (pages !== null) return { state: 'success', description: successDescription(deployment, pages, commit) };
  // A worker of the release before `failure` existed writes only `reason`.
  const failure = deployment.failure ?? (state === 'failed' || state === 'timed_out' ? (reason ?? '') : null);
  return failure === null ? { state: 'error', description: reason ?? '' } : { state: 'failure', description: failure };
}

function successDescription({ commit, laterCommits }: DeploymentRow, pages: number, reported: string): string {
  if (reported === commit) return `${pages} page${pages === 1 ? '' : 's'} built`;
  return `Nothing to build: ${laterCommits.includes(reported) ? 'no change' : 'same as production'}`;
}

/** The checks of a promoted deployment are copies of its source's, which covers the same commits. */
function checkCandidates(
  covering: readonly DeploymentRow[],
  checks: readonly CheckRow[],
  failure: (deployment: DeploymentRow, check: CheckRow) => Result,
): Candidate[] {
  const checked = new Map(covering.filter(({ trigger }) => trigger !== 'promote').map((row) => [row.id, row]));
  return checks.flatMap((check): Candidate[] => {
    const { deploymentId, state, summary } = check;
    const deployment = checked.get(deploymentId);
    if (!deployment) return [];
    const result = state === 'failure' ? failure(deployment, check) : { state, description: summary };
    return [{ deploymentId, tree: deployment.tree, ...result }];
  });
}

/** Applies the project's settings to the result of a check that found errors. */
function failureResult(
  { productionChecks, previewChecks }: ProjectRows['project'],
  { environment, commit, laterCommits }: DeploymentRow,
  { summary, newErrors }: CheckRow,
  reported: string,
): Result {
  const isOfProduction = environment === 'production';
  if (isOfProduction && productionChecks === 'ignore') return { state: 'success', description: `Ignored: ${summary}` };
  if (previewChecks === 'all') return { state: 'failure', description: summary };
  // A preview that shows production, because it has the same content, has no errors of its own.
  const isSameAsProduction = isOfProduction && reported !== commit && !laterCommits.includes(reported);
  if (isSameAsProduction || (!isOfProduction && newErrors === 0)) {
    return { state: 'success', description: `No new errors (${summary} as in production)` };
  }
  if (isOfProduction || newErrors === null) return { state: 'failure', description: summary };
  return {
    state: 'failure',
    description: `${newErrors} new ${newErrors === 1 ? 'error' : 'errors'} (${summary} in total)`,
  };
}
