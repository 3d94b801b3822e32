import { z } from 'zod';

const statusSchema = z.object({
  state: z.string(),
  context: z.string(),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
});
export type CommitStatus = z.output<typeof statusSchema>;

const appSchema = z.object({
  id: z.number(),
  slug: z.string(),
  permissions: z.record(z.string(), z.string()),
  hook: z.object({ url: z.string(), active: z.boolean(), hasSecret: z.boolean() }),
});

/** The server as its own users see it: its REST API, signed in as octocat. It judges what our services did. */
export class SimulatorClient {
  constructor(readonly url: string) {}

  /** A clone address that may push. */
  cloneUrl(repository: string): string {
    return `${this.url.replace('://', '://octocat:octocat-password@')}/${repository}.git`;
  }

  /** Statuses of a commit, oldest first. */
  async statuses(repository: string, commit: string): Promise<CommitStatus[]> {
    const path = `/api/v3/repos/${repository}/commits/${commit}/statuses?per_page=100`;
    return z
      .array(statusSchema)
      .parse(await this.call('GET', path))
      .reverse();
  }

  async openPullRequest(repository: string, head: string, title: string): Promise<number> {
    const answer = await this.call('POST', `/api/v3/repos/${repository}/pulls`, { title, head, base: 'main' });
    return z.object({ number: z.number() }).parse(answer).number;
  }

  async closePullRequest(repository: string, number: number): Promise<void> {
    await this.call('PATCH', `/api/v3/repos/${repository}/pulls/${number}`, { state: 'closed' });
  }

  async createRepository(owner: string, name: string): Promise<void> {
    await this.call('POST', '/_simulator/repositories', { owner, name });
  }

  async apps() {
    return z.array(appSchema).parse(await this.call('GET', '/_simulator/apps'));
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const authorization = `Basic ${Buffer.from('octocat:octocat-password').toString('base64')}`;
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`The simulator answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return answer.json();
  }
}
