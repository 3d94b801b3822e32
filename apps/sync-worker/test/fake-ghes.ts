import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { CheckName } from '@reunite/contracts';
import { GitServer } from '@reunite/testing';

export interface SentStatus {
  readonly sha: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly target_url: string;
}

interface OpenPullRequest {
  readonly number: number;
  readonly branch: string;
  readonly state: 'open' | 'closed';
  readonly updatedAt: string;
}

/** A minimal server with the repository `acme/docs`: git over smart HTTP, commit statuses and pull requests. */
export class FakeGhes {
  readonly git = new GitServer();
  readonly statuses: SentStatus[] = [];
  readonly tokens = new Set<string>();
  pullRequests: OpenPullRequest[] = [];
  /** Names of the repositories that the installation can access. Their ids count from 7. */
  accessible = ['docs'];
  /** Intercepts a request. Returns true if it answered the request, false to pass it to the server. */
  interfere: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.tokens.add(request.headers.authorization ?? 'none');
      if (this.interfere(request, response)) return;
      this.serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<FakeGhes> {
    const server = new FakeGhes();
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  statusesOf(sha: string, check: 'build' | 'preview' | CheckName): string[] {
    return this.statuses.filter((sent) => sent.sha === sha && sent.context.endsWith(check)).map(({ state }) => state);
  }

  /** Returns a pull request as the API and webhooks represent it. */
  describe({ number, branch, state, updatedAt }: OpenPullRequest) {
    const repo = { id: 7, full_name: 'acme/docs' };
    return {
      ...{ id: number, number, state, title: 'A change', draft: false, merged: false, merged_at: null },
      ...{ user: { id: 1, login: 'ada' }, html_url: `${this.origin}/acme/docs/pull/${number}` },
      ...{ created_at: updatedAt, updated_at: updatedAt, base: { ref: 'main', sha: this.git.head('main'), repo } },
      head: { ref: branch, sha: this.git.head(branch), repo },
    };
  }

  /** Returns an accessible repository as the API represents it. */
  describeRepository(name: string) {
    return {
      ...{ id: 7 + this.accessible.indexOf(name), name, full_name: `acme/${name}`, owner: { id: 1, login: 'acme' } },
      ...{ private: true, fork: false, default_branch: 'main', html_url: `${this.origin}/acme/${name}` },
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.git.remove();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    const path = pathname.replace('/api/v3', '');
    const [, sha] = /^\/repos\/acme\/docs\/statuses\/(\w+)$/.exec(path) ?? [];
    const [, number] = /^\/repos\/acme\/docs\/pulls\/(\d+)$/.exec(path) ?? [];
    if (path === '/acme/docs.git/git-upload-pack') {
      const answer = await this.git.uploadPack(request);
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' }).end(answer);
    } else if (sha !== undefined) {
      const status = { ...((await json(request)) as Omit<SentStatus, 'sha'>), sha };
      this.statuses.push(status);
      answerJson(response, 201, { ...status, id: this.statuses.length, created_at: new Date().toISOString() });
    } else if (number !== undefined) {
      const existing = this.pullRequests.find((pullRequest) => pullRequest.number === Number(number));
      answerJson(response, existing ? 200 : 404, existing ? this.describe(existing) : { message: 'Not Found' });
    } else if (path === '/repos/acme/docs/pulls') {
      const filter = searchParams.get('state');
      const listed = this.pullRequests.filter(({ state }) => filter === 'all' || state === filter);
      if (searchParams.get('sort') === 'updated') listed.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
      answerJson(
        response,
        200,
        listed.map((pullRequest) => this.describe(pullRequest)),
      );
    } else if (path === '/installation/repositories') {
      const repositories = this.accessible.map((name) => this.describeRepository(name));
      answerJson(response, 200, { total_count: repositories.length, repositories });
    } else answerJson(response, 404, { message: 'Not Found' });
  }
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
