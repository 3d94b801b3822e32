import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { itemsUnder } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const appSchema = z.looseObject({ id: z.number(), name: z.string() }).nullable();

const checkRunSchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  head_sha: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullable(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  app: appSchema,
});

/** One check of a commit. */
export type CheckRun = z.output<typeof checkRunSchema>;

/**
 * [List check runs for a Git
 * reference](https://docs.github.com/enterprise-server@latest/rest/checks/runs#list-check-runs-for-a-git-reference),
 * the newest of each name. Needs `checks: read`.
 */
export function listCheckRuns(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): AsyncGenerator<CheckRun, void, undefined> {
  return itemsUnder(client, routes.listCheckRuns, { owner, repo, ref }, 'check_runs', checkRunSchema);
}

/** Servers accept no more in one request; an update adds its annotations to the earlier ones. */
export const MAX_ANNOTATIONS_PER_REQUEST = 50;

/** A finding at a place in a file of the commit. */
export interface CheckAnnotation {
  /** Path in the repository. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1; null for the whole line. */
  readonly column: number | null;
  readonly level: 'failure' | 'warning' | 'notice';
  /** At most 255 characters. */
  readonly title: string;
  /** Plain text of at most 64 KiB. */
  readonly message: string;
}

/** The state of a check run, and the texts that it shows. */
export interface CheckRunState {
  /** null while it is in progress. */
  readonly conclusion: 'success' | 'failure' | 'neutral' | null;
  readonly title: string;
  /** Markdown of at most 65,535 characters. */
  readonly summary: string;
  /** At most {@link MAX_ANNOTATIONS_PER_REQUEST}. */
  readonly annotations?: readonly CheckAnnotation[];
}

/** A check run to create. */
export interface NewCheckRun extends RepositoryName, CheckRunState {
  readonly sha: string;
  /** The newest run of a name counts. */
  readonly name: string;
  readonly detailsUrl: string;
}

/**
 * [Create a check run](https://docs.github.com/enterprise-server@latest/rest/checks/runs#create-a-check-run). Needs
 * `checks: write`, which only apps can have.
 *
 * @throws GhesForbiddenError if the permission is missing
 */
export async function createCheckRun(
  client: GhesClient,
  { owner, repo, sha, name, detailsUrl, ...state }: NewCheckRun,
): Promise<CheckRun> {
  const parameters = { owner, repo, head_sha: sha, name, details_url: detailsUrl, ...stateParameters(state) };
  return (await client.request(routes.createCheckRun, parameters, checkRunSchema)).data;
}

/**
 * [Update a check run](https://docs.github.com/enterprise-server@latest/rest/checks/runs#update-a-check-run). Needs
 * `checks: write`.
 *
 * @throws GhesNotFoundError if the run does not exist, or another app created it
 */
export async function updateCheckRun(
  client: GhesClient,
  { owner, repo, checkRunId, ...state }: RepositoryName & CheckRunState & { readonly checkRunId: number },
): Promise<CheckRun> {
  const parameters = { owner, repo, check_run_id: checkRunId, ...stateParameters(state) };
  return (await client.request(routes.updateCheckRun, parameters, checkRunSchema)).data;
}

function stateParameters({ conclusion, title, summary, annotations = [] }: CheckRunState) {
  return {
    ...(conclusion === null ? { status: 'in_progress' } : { status: 'completed', conclusion }),
    output: { title, summary, annotations: annotations.map(annotationParameters) },
  };
}

/** Servers accept columns only if both lines are the same. */
function annotationParameters({ path, line, column, level, title, message }: CheckAnnotation) {
  return {
    path,
    start_line: line,
    end_line: line,
    ...(column !== null && { start_column: column, end_column: column }),
    annotation_level: level,
    title,
    message,
  };
}
