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
