import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { getPullRequest, listPullRequestFiles } from '@reunite/ghes-client';
import { changedFiles } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';

/** Servers list at most this many files of a pull request. */
const MAX_FILES = 3_000;

const NEEDED = { pull_requests: 'read' } as const;

type FilesPage = ResultOf<typeof jobs.listPullRequestFiles>;

/**
 * Lists a page of a pull request's files. Safe to run twice: it only reads. The head is read before the first page and
 * after each later one, so that all pages are of the same head.
 */
export class ListPullRequestFilesHandler implements JobHandler<typeof jobs.listPullRequestFiles> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
  ) {}

  /** @throws ConflictError if the head differs from the expected one */
  async handle(payload: PayloadOf<typeof jobs.listPullRequestFiles>): Promise<FilesPage> {
    const { repositoryId, number, page, limit, head: expectedHead } = payload;
    const access = await this.ghes.repository(repositoryId);
    assertGranted(await grantedPermissions(this.dataSource, access.repository), NEEDED, access.repository);
    const client = access.client(NEEDED);
    const name = { ...access.name, number };
    const before = expectedHead === undefined ? await getPullRequest(client, name) : null;
    const files = await take(listPullRequestFiles(client, { ...name, page, perPage: limit }), limit);
    const { changed_files: count, head } = before ?? (await getPullRequest(client, name));
    if (expectedHead !== undefined && head.sha !== expectedHead) {
      const message = `Pull request #${number} has moved on to ${head.sha} since its first files were listed.`;
      throw new ConflictError(`${message} List them from the start.`);
    }
    const more = files.length === limit && page * limit < Math.min(count, MAX_FILES);
    return { files: changedFiles(files), more, head: head.sha };
  }
}

/** Takes the items of one page, without requesting the next one. */
async function take<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
