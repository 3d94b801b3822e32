import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FakeGhes } from './fake-ghes.js';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: Record<string, unknown>;
}

type Answer = readonly [status: number, body: unknown];

/** Pull request #1 of `acme/docs` on a server. Requests change it, and are recorded in `sent`. */
export class PullRequestServer {
  readonly sent: Sent[] = [];
  title = 'A change';
  body: string | null = null;
  base = 'main';
  state: 'open' | 'closed' = 'open';
  draft = false;
  merged = false;
  mergeable: (boolean | null)[] = [true];
  mergeableState = 'clean';
  updatedAt = '2026-01-01T00:00:00Z';
  /** Response to the next write, in place of its effect. */
  nextError: Answer | null = null;
  /** True to answer reads of the pull request with 404. */
  hidden = false;
  reviews: object[] = [];
  /** Classic branch protection of the base. */
  rules: object | null = null;
  /** Rules of rulesets that apply to the base. */
  rulesets: object[] = [];
  /** Merge settings of the repository: allowed methods and default commit messages. */
  merging: Record<string, boolean | string> = {};
  commits: string[] = [];
  files: object[] = [];

  constructor(
    private readonly ghes: FakeGhes,
    readonly branch: string,
  ) {
    ghes.interfere = (request, response) => {
      const path = (request.url ?? '').replace(/^\/api(\/v3)?/, '').replace(/^\/repos\/acme\/docs/, '');
      if (!/^\/(pulls|graphql|commits|compare|branches|rules|$)/.test(path) && path !== '') return false;
      void this.serve(request, path, response);
      return true;
    };
  }

  describe(): Record<string, unknown> {
    const { git, origin } = this.ghes;
    const repo = { id: 7, full_name: 'acme/docs' };
    const { title, body, state, draft, merged, updatedAt } = this;
    return {
      ...{ id: 1, node_id: 'PR_1', number: 1, title, body, state, draft, merged, updated_at: updatedAt },
      ...{ user: { id: 1, login: 'ada' }, html_url: `${origin}/acme/docs/pull/1`, created_at: '2026-01-01T00:00:00Z' },
      ...{ merge_commit_sha: merged ? 'f'.repeat(40) : null },
      ...{ merged_at: merged ? updatedAt : null, mergeable_state: this.mergeableState },
      mergeable: this.mergeable.length > 1 ? this.mergeable.shift() : this.mergeable[0],
      ...{ commits: 1, additions: 1, deletions: 1, changed_files: this.files.length },
      base: { ref: this.base, sha: git.head('main'), repo },
      head: { ref: this.branch, sha: git.head(this.branch), repo },
    };
  }

  writes(): string[] {
    return this.sent.map(({ method, path }) => `${method} ${path}`);
  }

  private async serve(request: IncomingMessage, path: string, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const token = (headers.authorization ?? '').replace(/^token /i, '');
    const body = method === 'GET' ? {} : ((await json(request)) as Record<string, unknown>);
    if (method !== 'GET') this.sent.push({ method, path, token, body });
    const [status, answer] = this.answer(method, path, body);
    response.writeHead(status, { 'content-type': 'application/json', ...this.nextPage(path) });
    response.end(JSON.stringify(answer));
  }

  /** The `Link` header to the next page of reviews. */
  private nextPage(path: string): { link?: string } {
    const [route, query] = path.split('?');
    const parameters = new URLSearchParams(query);
    const current = Number(parameters.get('page') ?? 1);
    if (route !== '/pulls/1/reviews' || current * Number(parameters.get('per_page') ?? 30) >= this.reviews.length)
      return {};
    parameters.set('page', String(current + 1));
    return { link: `<${this.ghes.origin}/api/v3/repos/acme/docs${route}?${parameters.toString()}>; rel="next"` };
  }

  private answer(method: string, path: string, body: Record<string, unknown>): Answer {
    const { nextError } = this;
    if (method !== 'GET' && nextError) {
      this.nextError = null;
      return nextError;
    }
    const [route = '', query = ''] = path.split('?');
    switch (`${method} ${route}`) {
      case 'GET ':
        return [200, { ...repository(this.ghes.origin), ...this.merging }];
      case 'GET /pulls/1':
        return this.hidden ? [404, { message: 'Not Found' }] : [200, this.describe()];
      case 'GET /pulls/1/files':
        return [200, page(this.files, new URLSearchParams(query))];
      case 'GET /pulls/1/reviews':
        return [200, page(this.reviews, new URLSearchParams(query))];
      case 'GET /pulls/1/commits':
        return [200, this.commits.map((message, index) => commit(String(index).repeat(40), message))];
      case 'GET /pulls':
        return [200, [this.describe()]];
      case 'POST /pulls':
      case 'PATCH /pulls/1':
        Object.assign(this, body);
        return [method === 'POST' ? 201 : 200, this.describe()];
      case 'POST /graphql':
        this.draft = String(body['query']).includes('convertPullRequestToDraft');
        return [200, { data: { result: { pullRequest: { isDraft: this.draft } } } }];
      case 'PUT /pulls/1/merge':
        Object.assign(this, { merged: true, state: 'closed' });
        return [200, { sha: 'f'.repeat(40), merged: true }];
      case 'PUT /pulls/1/update-branch':
        return [202, {}];
      case 'GET /rules/branches/main':
        return [200, this.rulesets];
      case 'GET /branches/main/protection':
        return this.rules ? [200, this.rules] : [404, { message: 'Branch not protected' }];
    }
    return this.ofCommits(route);
  }

  private ofCommits(route: string): Answer {
    const { git } = this.ghes;
    if (route.startsWith('/compare/')) {
      const start = { sha: git.git('merge-base', 'main', this.branch) };
      const compared = { status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1, commits: [] };
      return [200, { ...compared, merge_base_commit: start }];
    }
    if (route.endsWith('/check-runs')) return [403, { message: 'Resource not accessible by integration' }];
    const status = { id: 1, state: 'success', context: 'ci', description: 'Passed', target_url: null };
    const statuses = [{ ...status, created_at: this.updatedAt }];
    return route.endsWith('/status')
      ? [200, { state: 'success', sha: git.head(this.branch), total_count: 1, statuses }]
      : [404, { message: 'Not Found' }];
  }
}

function repository(origin: string): object {
  const names = { id: 7, name: 'docs', full_name: 'acme/docs', owner: { id: 1, login: 'acme' } };
  return { ...names, private: true, fork: false, default_branch: 'main', html_url: `${origin}/acme/docs` };
}

function commit(sha: string, message: string): object {
  return {
    sha,
    html_url: '',
    author: null,
    parents: [],
    commit: { message, author: null, committer: null, tree: { sha } },
  };
}

function page(items: readonly object[], query: URLSearchParams): readonly object[] {
  const size = Number(query.get('per_page') ?? 30);
  const first = (Number(query.get('page') ?? 1) - 1) * size;
  return items.slice(first, first + size);
}
