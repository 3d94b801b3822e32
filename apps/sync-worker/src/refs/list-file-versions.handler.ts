import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { listCommits } from '@reunite/ghes-client';
import type { Commit } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import type { GhesAccess } from '../connections/ghes-access.js';

type Result = ResultOf<typeof jobs.listFileVersions>;

/** The result passes through the queue and into a page: what one user writes on a server must not fill either. */
const MAX_MESSAGE_LENGTH = 1_000;

/** Lists a page of the commits that changed a path. Safe to run twice: it only reads. */
export class ListFileVersionsHandler implements JobHandler<typeof jobs.listFileVersions> {
  constructor(private readonly ghes: GhesAccess) {}

  async handle(payload: PayloadOf<typeof jobs.listFileVersions>): Promise<Result> {
    const { repositoryId, commit: sha, path, page, limit } = payload;
    const { client, name } = await this.ghes.repository(repositoryId);
    const listing = { ...name, sha, path: path === '' ? undefined : path, page, perPage: limit };
    const versions: Result['versions'] = [];
    for await (const commit of listCommits(client({ contents: 'read' }), listing)) {
      versions.push(versionOf(commit));
      if (versions.length === limit) break;
    }
    // Servers do not count the commits: the next page may be empty.
    return { versions, more: versions.length === limit };
  }
}

function versionOf({ sha, html_url: htmlUrl, commit, author }: Commit): Result['versions'][number] {
  return {
    commit: sha,
    message: commit.message.slice(0, MAX_MESSAGE_LENGTH),
    author: author?.login ?? commit.author?.name ?? 'unknown',
    authoredAt: commit.author?.date ?? null,
    htmlUrl,
  };
}
