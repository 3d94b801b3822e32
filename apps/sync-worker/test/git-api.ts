import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FakeGhes } from './fake-ghes.js';
import { ZERO_COMMIT } from '@reunite/testing';
import type { GitServer } from '@reunite/testing';

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly sha?: string | null;
  readonly content?: string;
}

/** The fields of all request bodies. */
interface Body {
  readonly query?: string;
  readonly variables?: { readonly input: CommitOnBranch & RefUpdates };
  readonly ref?: string;
  readonly sha?: string;
  readonly content?: string;
  readonly base_tree?: string;
  /** The entries of a new tree, or the tree of a new commit. */
  readonly tree?: string | Entry[];
  readonly parents?: string[];
  readonly message?: string;
  readonly base?: string;
  readonly head?: string;
  readonly commit_message?: string;
}

type Answer = [status: number, body: unknown];

/** GraphQL node id of `acme/docs`. */
const REPOSITORY = 'R_7';

/** An error response. */
class ErrorResponse extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The write API for `acme/docs`, implemented with git: objects, refs, merges and `createCommitOnBranch`. */
export class GitApi {
  /** Method and path of each request, in order. */
  readonly calls: string[] = [];
  /** Names of protected branches. */
  readonly protected = new Set<string>();
  /** True if the GraphQL schema has `updateRefs`, as GHES 3.14 and later do. */
  hasUpdateRefs = true;
  /** Called after a branch was updated, before the response. */
  afterWrite: () => void = () => undefined;
  private readonly git: GitServer;

  constructor(private readonly ghes: FakeGhes) {
    this.git = ghes.git;
    ghes.interfere = (request, response) => {
      const path = decodeURIComponent((request.url ?? '').replace(/^\/api(\/v3)?/, ''));
      if (!/^\/(graphql$|repos\/acme\/docs($|\/(git|compare|merges|branches)\b))/.test(path)) return false;
      this.calls.push(`${request.method} ${path}`);
      void this.answer(request, response, path.replace('/repos/acme/docs', ''));
      return true;
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body === null ? '' : JSON.stringify(body));
    const as = request.headers.authorization?.replace('Bearer token of ', '') ?? '';
    try {
      const hasBody = request.method !== 'GET' && request.method !== 'DELETE';
      const body = hasBody ? ((await json(request)) as Body) : {};
      send(...this.handle(`${request.method} ${path}`, body, as));
    } catch (error) {
      const { message } = error as Error;
      const status = error instanceof ErrorResponse ? error.status : 500;
      const type = status === 409 ? 'STALE_DATA' : 'UNPROCESSABLE';
      if (path === '/graphql') send(200, { data: null, errors: [{ type, message }] });
      else send(status, { message });
    }
  }

  private handle(request: string, body: Body, as: string): Answer {
    for (const [pattern, answer] of this.routes) {
      const match = pattern.exec(request);
      if (match) return answer(match[1] ?? '', body, as);
    }
    throw new ErrorResponse(404, 'Not Found');
  }

  private readonly routes: readonly [RegExp, (name: string, body: Body, as: string) => Answer][] = [
    [/^POST \/graphql$/, (_, body, as) => [200, { data: this.mutate(body, as) }]],
    [/^GET $/, () => [200, { ...this.ghes.describeRepository('docs'), node_id: REPOSITORY }]],
    [/^GET \/git\/ref\/heads\/(.+)$/, (branch) => [200, refOf(branch, this.at(branch))]],
    [/^POST \/git\/refs$/, (_, { ref = '', sha = '' }) => [201, this.create(ref.slice('refs/heads/'.length), sha)]],
    [
      /^PATCH \/git\/refs\/heads\/(.+)$/,
      (branch, { sha = '' }) => [200, refOf(branch, this.move(branch, this.at(branch), sha))],
    ],
    [/^DELETE \/git\/refs\/heads\/(.+)$/, (branch) => this.remove(branch)],
    [/^POST \/git\/blobs$/, (_, { content = '' }) => [201, { sha: this.blob(Buffer.from(content, 'base64')) }]],
    [
      /^POST \/git\/trees$/,
      (_, { base_tree: base = '', tree }) => [
        201,
        { sha: this.tree(base, tree as Entry[]), truncated: false, tree: [] },
      ],
    ],
    [
      /^POST \/git\/commits$/,
      (_, { tree, parents = [], message = '' }, as) => [
        201,
        this.described(this.commit(tree as string, parents, message, as)),
      ],
    ],
    [/^GET \/git\/commits\/(\w+)$/, (sha) => [200, this.described(sha)]],
    [/^GET \/compare\/(.+)$/, (sides) => [200, this.compare(sides.slice(0, 40), sides.slice(43))]],
    [
      /^GET \/branches\/(.+)$/,
      (name) => [200, { name, commit: { sha: this.at(name) }, protected: this.protected.has(name) }],
    ],
    [/^POST \/merges$/, (_, { base = '', head = '', commit_message: message = '' }) => this.merge(base, head, message)],
  ];

  private blob(content: string | Buffer): string {
    return this.git.write(['hash-object', '-w', '--stdin'], content);
  }

  private remove(branch: string): Answer {
    this.guard(branch);
    this.git.git('update-ref', '-d', `refs/heads/${branch}`);
    return [204, null];
  }

  private at(branch: string): string {
    const head = this.ghes.git.head(branch);
    if (head === ZERO_COMMIT) throw new ErrorResponse(404, 'Not Found');
    return head;
  }

  private guard(branch: string): void {
    if (this.protected.has(branch)) throw new ErrorResponse(422, 'Changes must be made through a pull request.');
  }

  private move(branch: string, from: string, to: string): string {
    this.guard(branch);
    if (this.git.git('merge-base', from, to) !== from) throw new ErrorResponse(422, 'Update is not a fast forward');
    this.git.git('update-ref', `refs/heads/${branch}`, to, from);
    this.afterWrite();
    return to;
  }

  private create(branch: string, sha: string) {
    if (this.git.head(branch) !== ZERO_COMMIT) throw new ErrorResponse(422, 'Reference already exists');
    this.git.git('update-ref', `refs/heads/${branch}`, sha, ZERO_COMMIT);
    this.afterWrite();
    return refOf(branch, sha);
  }

  private tree(base: string, entries: readonly Entry[]): string {
    const index = { GIT_INDEX_FILE: `index-${this.calls.length}` };
    if (base !== '') this.git.write(['read-tree', base], '', index);
    const lines = entries.map(({ path, mode, sha, content }) => {
      const id = content === undefined ? sha : this.blob(content);
      return id ? `${mode} ${id}\t${path}` : `0 ${ZERO_COMMIT}\t${path}`;
    });
    this.git.write(['update-index', '--index-info'], `${lines.join('\n')}\n`, index);
    return this.git.write(['write-tree'], '', index);
  }

  private commit(tree: string, parents: readonly string[], message: string, as: string): string {
    const who = {
      GIT_AUTHOR_NAME: as,
      GIT_AUTHOR_EMAIL: 'a@x',
      GIT_COMMITTER_NAME: 'GHES',
      GIT_COMMITTER_EMAIL: 'a@x',
    };
    return this.git.write(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], message, who);
  }

  private mutate({ query = '', variables }: Body, as: string) {
    if (!variables) throw new ErrorResponse(422, 'The input is missing.');
    if (!query.includes('updateRefs')) {
      return { createCommitOnBranch: { commit: this.commitOnBranch(variables.input, as) } };
    }
    if (!this.hasUpdateRefs) throw new ErrorResponse(422, "Field 'updateRefs' doesn't exist on type 'Mutation'");
    return { updateRefs: this.updateRefs(variables.input) };
  }

  private updateRefs({ repositoryId, refUpdates }: RefUpdates) {
    if (repositoryId !== REPOSITORY) throw new ErrorResponse(422, 'Could not resolve to a node.');
    for (const { name, beforeOid, afterOid } of refUpdates) {
      const branch = name.slice('refs/heads/'.length);
      if (this.at(branch) !== beforeOid) throw new ErrorResponse(422, 'A ref is not where it was.');
      this.move(branch, beforeOid, afterOid);
    }
    return { clientMutationId: null };
  }

  private commitOnBranch(input: CommitOnBranch, as: string) {
    const { branch, expectedHeadOid: head, message, fileChanges } = input;
    if (this.at(branch.branchName) !== head) throw new ErrorResponse(409, 'Expected branch to point elsewhere.');
    const removed = fileChanges.deletions.map(({ path }) => ({ path, mode: '100644', sha: null }));
    const added = fileChanges.additions.map(({ path, contents }) => ({
      ...{ path, mode: '100644' },
      sha: this.blob(Buffer.from(contents, 'base64')),
    }));
    const text = message.body ? `${message.headline}\n\n${message.body}` : message.headline;
    const oid = this.commit(this.tree(head, [...removed, ...added]), [head], text, as);
    this.move(branch.branchName, head, oid);
    return { oid, url: 'https://x' };
  }

  private merge(branch: string, head: string, message: string): Answer {
    const base = this.at(branch);
    if (this.git.git('merge-base', base, head) === head) return [204, null];
    let tree: string;
    try {
      tree = this.git.git('merge-tree', '--write-tree', base, head);
    } catch {
      throw new ErrorResponse(409, 'Merge conflict');
    }
    return [201, this.described(this.move(branch, base, this.commit(tree, [base, head], message, 'merger')))];
  }

  private compare(base: string, head: string) {
    const commits = this.git.git('rev-list', '--reverse', `${base}..${head}`).split('\n').filter(Boolean);
    const from = this.mergeBase(base, head);
    const files = this.git.git('diff', '--name-only', from, head).split('\n').filter(Boolean);
    return {
      ...{ status: 'ahead', ahead_by: commits.length, behind_by: 0, total_commits: commits.length },
      merge_base_commit: { sha: from },
      commits: commits.map((sha) => {
        const { message, tree, parents } = this.described(sha);
        const author = { login: this.git.git('log', '-1', '--format=%an', sha) };
        return { sha, html_url: '', commit: { message, author: null, committer: null, tree }, author, parents };
      }),
      files: files.map((filename) => ({
        sha: null,
        filename,
        status: 'modified',
        additions: 0,
        deletions: 0,
        changes: 0,
      })),
    };
  }

  private mergeBase(base: string, head: string): string {
    try {
      return this.git.git('merge-base', base, head);
    } catch {
      throw new ErrorResponse(404, 'No common ancestor between the two.');
    }
  }

  private described(sha: string) {
    const [tree = '', parents = '', ...message] = this.git.git('log', '-1', '--format=%T%n%P%n%B', sha).split('\n');
    const who = { name: 'x', email: 'x', date: 'x' };
    const listed = parents.split(' ').filter(Boolean);
    return {
      ...{ sha, message: message.join('\n').trim(), author: who, committer: who, tree: { sha: tree }, html_url: '' },
      parents: listed.map((parent) => ({ sha: parent })),
    };
  }
}

interface RefUpdates {
  readonly repositoryId: string;
  readonly refUpdates: readonly { readonly name: string; readonly beforeOid: string; readonly afterOid: string }[];
}

interface CommitOnBranch {
  readonly branch: { readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: {
    readonly additions: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions: readonly { readonly path: string }[];
  };
}

function refOf(branch: string, sha: string) {
  return { ref: `refs/heads/${branch}`, object: { type: 'commit', sha } };
}
