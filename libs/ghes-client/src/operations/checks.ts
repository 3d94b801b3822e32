import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { pages } from './paging.js';
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

const checkSuiteSchema = z.looseObject({
  id: z.number(),
  head_sha: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  app: appSchema,
});

/** The checks of one app on a commit. */
export type CheckSuite = z.output<typeof checkSuiteSchema>;

/** [List check runs for a Git reference](https://docs.github.com/enterprise-server@latest/rest/checks/runs#list-check-runs-for-a-git-reference), the newest of each name. Needs `checks: read`. */
export async function* listCheckRuns(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): AsyncGenerator<CheckRun, void, undefined> {
  const schema = z.looseObject({ check_runs: z.array(checkRunSchema) });
  for await (const page of pages(client, routes.listCheckRuns, { owner, repo, ref }, schema)) yield* page.check_runs;
}

/** [List check suites for a Git reference](https://docs.github.com/enterprise-server@latest/rest/checks/suites#list-check-suites-for-a-git-reference). Needs `checks: read`. */
export async function* listCheckSuites(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): AsyncGenerator<CheckSuite, void, undefined> {
  const schema = z.looseObject({ check_suites: z.array(checkSuiteSchema) });
  for await (const page of pages(client, routes.listCheckSuites, { owner, repo, ref }, schema))
    yield* page.check_suites;
}
