import { ConflictError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { getPullRequest, listPullRequestFiles } from '@reunite/ghes-client';
import type { ChangedFile } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { GhesConnections } from '../connections/ghes-connections.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';

/** A longer patch is not for reading in a browser; and an answer goes through the queue. */
const MAX_PATCH_CHARS = 200_000;
const MAX_PATCHES_CHARS = 2_000_000;

/** As many as a server lists of one pull request. */
const MAX_FILES = 3_000;

type Listed = ResultOf<typeof jobs.listPullRequestFiles>;
type File = Listed['files'][number];

/**
 * Asks the server, changes nothing: safe to run twice. The head is there before the first page is listed and after each
 * later one, so that all pages are of one head.
 */
export class ListPullRequestFilesHandler implements JobHandler<typeof jobs.listPullRequestFiles> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
  ) {}

  /** @throws ConflictError where the head is another one by now */
  async handle(payload: PayloadOf<typeof jobs.listPullRequestFiles>): Promise<Listed> {
    const { repositoryId, number, page, limit, head: expected } = payload;
    const { client, repository } = await this.ghes.repository(repositoryId);
    const { owner, name: repo } = repository;
    const needed = { pull_requests: 'read' } as const;
    assertGranted(await grantedPermissions(this.dataSource, repository), needed, repository);
    const server = client(needed);
    const name = { owner, repo, number };
    const before = expected === undefined ? await getPullRequest(server, name) : null;
    const listed = await firstOf(listPullRequestFiles(server, { ...name, page, perPage: limit }), limit);
    const { changed_files: count, head } = before ?? (await getPullRequest(server, name));
    if (expected !== undefined && head.sha !== expected) throw movedOn(number, head.sha);
    const more = listed.length === limit && page * limit < Math.min(count, MAX_FILES);
    return { files: withinLimit(listed.map(fileOf)), more, head: head.sha };
  }
}

function movedOn(number: number, head: string): ConflictError {
  return new ConflictError(
    `Pull request #${number} has moved on to ${head} since its files were listed. List them from the start.`,
  );
}

/** The items of one page: the next one is not asked for. */
async function firstOf<Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

const statuses: Readonly<Record<ChangedFile['status'], File['status']>> = {
  added: 'added',
  removed: 'removed',
  modified: 'modified',
  renamed: 'renamed',
  copied: 'copied',
  // Only its mode.
  changed: 'modified',
  unchanged: 'modified',
};

const EMPTY_BLOB = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

export function fileOf(changed: ChangedFile): File {
  const { filename: path, previous_filename: previous = null, status, additions, deletions, patch = null } = changed;
  const missing = patch === null ? whyNoPatch(changed) : patch.length > MAX_PATCH_CHARS ? 'too-large' : null;
  return {
    ...{ path, previousPath: previous, status: statuses[status], additions, deletions },
    ...{ patch: missing === null ? patch : null, patchMissing: missing },
  };
}

/** A server gives no patch where it has none, and does not say why. */
function whyNoPatch({ status, additions, deletions, sha }: ChangedFile): NonNullable<File['patchMissing']> {
  if (additions + deletions > 0) return 'too-large';
  const isSame = status === 'renamed' || status === 'copied' || status === 'changed' || status === 'unchanged';
  return isSame || sha === EMPTY_BLOB ? 'unchanged' : 'binary';
}

function withinLimit(files: readonly File[]): File[] {
  let left = MAX_PATCHES_CHARS;
  return files.map((file) => {
    left -= file.patch?.length ?? 0;
    return left >= 0 || file.patch === null ? file : { ...file, patch: null, patchMissing: 'too-large' };
  });
}
