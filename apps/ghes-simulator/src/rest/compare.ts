import type { FastifyInstance } from 'fastify';
import { requireRepository } from '../access/authorize.js';
import { readCommit, readCommits } from '../git/commit-object.js';
import { diffFiles } from '../git/diff-files.js';
import { commitsBetween, mergeBase } from '../git/history.js';
import type { Ghes } from '../ghes.js';
import { commitJson } from '../representations/commit.js';
import { fileDiffJson } from '../representations/file-diff.js';
import { apiUrl, fullName, htmlUrl } from '../representations/urls.js';
import { bringIn, forkOwnedBy } from '../repositories/forks.js';
import { gitOf } from '../repositories/repositories.js';
import type { Repository } from '../state/model.js';
import { accountById } from '../state/lookup.js';
import { notFound } from './api.error.js';
import { pageOf, type RepositoryParams } from './requests.js';

/** Files in a comparison. Only its first page contains files. */
const MOST_FILES = 300;

/** https://docs.github.com/enterprise-server/rest/commits/commits#compare-two-commits */
export function compareApi(app: FastifyInstance, ghes: Ghes): void {
  app.get<{ Params: RepositoryParams & { '*': string }; Querystring: { page?: string } }>(
    '/repos/:owner/:repo/compare/*',
    async (request, reply) => {
      const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'read');
      const git = gitOf(ghes, repository);
      const [baseName = '', headName = ''] = request.params['*'].split('...');
      const [base, head] = [
        await resolveSide(ghes, repository, baseName),
        await resolveSide(ghes, repository, headName),
      ];
      const ancestor = base !== undefined && head !== undefined ? await mergeBase(git, base, head) : undefined;
      if (base === undefined || head === undefined || ancestor === undefined) throw notFound();
      const ahead = await commitsBetween(git, head, [base], 10_000);
      const behind = await commitsBetween(git, base, [head], 10_000);
      const shown = await readCommits(git, pageOf(ghes, request, reply, ahead, 250));
      const firstPage = (request.query.page ?? '1') === '1';
      const files = firstPage ? await diffFiles(git, ancestor, head, MOST_FILES) : [];
      const json = async (sha: string) => commitJson(ghes, repository, await readCommit(git, sha));
      return {
        ...addresses(ghes, repository, baseName, headName, base, head),
        base_commit: await json(base),
        merge_base_commit: await json(ancestor),
        status: statusOf(ahead.length, behind.length),
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits: shown.map((commit) => commitJson(ghes, repository, commit)),
        ...(firstPage ? { files: files.map((file) => fileDiffJson(ghes, repository, head, file)) } : {}),
      };
    },
  );
}

function statusOf(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

/** Resolves a ref of this repository, or `owner:ref` of another one of its network. */
async function resolveSide(ghes: Ghes, repository: Repository, name: string): Promise<string | undefined> {
  const [, owner, ref] = /^([^:]+):(.+)$/.exec(name) ?? [];
  if (owner === undefined || ref === undefined) return gitOf(ghes, repository).resolve(name);
  const other = forkOwnedBy(ghes, repository, owner);
  if (other === undefined) return undefined;
  const sha = await gitOf(ghes, other).resolve(ref);
  if (sha !== undefined) await bringIn(ghes, repository, other, sha);
  return sha;
}

function addresses(ghes: Ghes, repository: Repository, base: string, head: string, baseSha: string, headSha: string) {
  const name = fullName(ghes, repository);
  const page = htmlUrl(ghes, `/${name}/compare/${base}...${head}`);
  const { login } = accountById(ghes.store, repository.ownerId);
  return {
    url: apiUrl(ghes, `/repos/${name}/compare/${base}...${head}`),
    html_url: page,
    permalink_url: htmlUrl(ghes, `/${name}/compare/${login}:${baseSha.slice(0, 7)}...${login}:${headSha.slice(0, 7)}`),
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
  };
}
