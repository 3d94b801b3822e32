import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { octocat, TestSimulator } from '../../test/test-simulator.js';

const repo = '/repos/acme/docs';

describe('branch operations over REST', () => {
  let server: TestSimulator;
  let clone: string;

  beforeAll(async () => {
    server = await TestSimulator.start();
    clone = await server.clone('acme/docs');
  });

  afterAll(() => server.stop());

  async function push(branch: string, path: string, text: string): Promise<string> {
    await server.git(clone, 'checkout', '--quiet', '-B', branch, `origin/${branch === 'main' ? 'main' : 'HEAD'}`);
    const sha = await server.commit(clone, path, text);
    await server.git(clone, 'push', '--quiet', 'origin', branch);
    return sha;
  }
  const merge = (base: string, head: string) => server.api('POST', `${repo}/merges`, octocat, { base, head });

  it('merge once, and reject conflicts', async () => {
    await expect(merge('main', 'main')).resolves.toMatchObject({ status: 204 });
    const before = await push('topic', 'topic.md', 'x');
    const head = await push('main', 'ahead.md', 'x');
    const merged = await merge('topic', head);
    expect(merged).toMatchObject({ status: 201, body: { parents: [{ sha: before }, { sha: head }] } });
    await expect(merge('topic', 'main')).resolves.toMatchObject({ status: 204 });
    await push('other', 'same.md', 'ours');
    await push('main', 'same.md', 'theirs');
    await expect(merge('other', 'main')).resolves.toMatchObject({ status: 409 });
    await expect(merge('nowhere', 'main')).resolves.toMatchObject({ status: 404 });
  });

  it('respect branch protection', async () => {
    const head = await push('kept', 'kept.md', 'x');
    const rule = { repository: 'acme/docs', branch: 'kept', requiredApprovals: 1 };
    await server.send('PUT', '/_simulator/protections', undefined, rule);
    const ref = `${repo}/git/refs/heads/kept`;
    await expect(server.api('DELETE', ref, octocat)).resolves.toMatchObject({ status: 422 });
    await expect(server.api('PATCH', ref, octocat, { sha: head })).resolves.toMatchObject({ status: 422 });
    await expect(merge('kept', 'topic')).resolves.toMatchObject({ status: 422 });
    await server.send('DELETE', '/_simulator/protections', undefined, rule);
    await expect(server.api('DELETE', ref, octocat)).resolves.toMatchObject({ status: 204 });
  });
});
