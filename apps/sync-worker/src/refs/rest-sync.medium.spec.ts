import { describe, expect, it } from '@jest/globals';
import { eventually } from '@reunite/testing';
import type { Project } from '../../test/project.js';
import { useWorker } from '../../test/use-worker.js';

const GIT = 'POST /*/git-upload-pack';
const ALWAYS = 1_000_000;

describe('a server that blocks Git over HTTP', () => {
  const worker = useWorker();

  const connect = async (answer: object, settings = {}) => {
    await worker().ghes.faultAt(GIT, { count: ALWAYS, ...answer });
    await worker().start(undefined, settings);
    return worker().connect();
  };

  /** Syncs main, and compares its tree in the store with git's. @returns the transport and its reason */
  const sync = async (project: Project): Promise<string> => {
    const { git } = worker().ghes;
    const commit = git.head('main');
    await project.reconcile();
    await eventually(async () => (await project.synced()).includes(`refs/heads/main ${commit}`), {
      state: () => project.syncError(),
    });
    const objects = worker().resources.content.repository(project.repositoryId);
    expect(await objects.hasSnapshot(commit)).toBe(true);
    const { tree } = await objects.readCommit(commit);
    expect(tree).toBe(git.git('rev-parse', `${commit}^{tree}`));
    const lines: string[] = [];
    for await (const { mode, id, path } of objects.walk(tree)) lines.push(`${mode} ${id}\t${path}`);
    const format = '--format=%(objectmode) %(objectname)%x09%(path)';
    expect(lines.join('\n')).toBe(git.git('ls-tree', '-r', '-t', format, commit));
    const [row] = await worker().resources.dataSource.query<{ transport: string; reason: string | null }[]>(
      `SELECT sync_transport AS transport, sync_transport_reason AS reason FROM git_ref
       WHERE repository_id = $1 AND name = 'refs/heads/main'`,
      [project.repositoryId],
    );
    return `${row?.transport}: ${row?.reason}`;
  };
  const requests = async (route: string) => (await worker().ghes.requests(route)).length;

  it('is synced over REST, later only what changed, without another attempt over Git', async () => {
    const { git } = worker().ghes;
    git.push('main', { 'index.md': '# Home', 'docs/a.md': '# A', 'docs/deep/b.md': '# B', 'docs/c.md': '# C' });
    const project = await connect({ status: 403 });
    expect(await sync(project)).toBe('rest: the server rejects Git over HTTP (403)');
    expect(await requests(GIT)).toBe(1);
    await worker().ghes.forgetRequests();

    git.push('main', { 'docs/deep/b.md': '# Changed' });
    await sync(project);
    // The root, docs and deep; one file.
    expect(await requests('GET /api/v3/*/git/trees/*')).toBe(3);
    expect(await requests('GET /api/v3/*/git/blobs/*')).toBe(1);
    expect(await requests(GIT)).toBe(0);
  });

  it('is synced over REST behind a proxy that answers with a web page, and from truncated lists of files', async () => {
    worker().ghes.git.push('main', { 'index.md': '# Home', 'docs/a.md': '# A', 'docs/deep/b.md': '# B' });
    await worker().ghes.faultAt('GET /api/v3/*/git/trees/*', { kind: 'truncated-tree' });
    const project = await connect({ kind: 'html' });
    expect(await sync(project)).toBe('rest: a proxy answers Git over HTTP with a web page');
  });

  it('is synced over Git again once that is allowed', async () => {
    worker().ghes.git.push('main', { 'index.md': '# Home' });
    const project = await connect({ status: 404 }, { GIT_RETRY_SECONDS: 1 });
    expect(await sync(project)).toBe('rest: the server rejects Git over HTTP (404)');
    await worker().ghes.clearFaults();
    worker().ghes.git.push('main', { 'index.md': '# Changed' });
    await eventually(async () => {
      worker().ghes.git.push('main', { 'index.md': `# ${Date.now()}` });
      return (await sync(project)) === 'git: null';
    });
  });

  it('fails with a clear error beyond the limit of requests, and is synced over Git once that is allowed', async () => {
    worker().ghes.git.push('main', { 'a.md': '# A', 'b.md': '# B', 'c.md': '# C' });
    const project = await connect({ status: 405 }, { MAX_REST_REQUESTS: 4 });
    await project.reconcile();
    await eventually(async () => (await project.syncError())?.includes('MAX_REST_REQUESTS') ?? false);
    await worker().ghes.clearFaults();
    expect(await sync(project)).toBe('git: null');
  });

  it('attack: files and folders that do not match the ids of the commit are not stored', async () => {
    const { ghes } = worker();
    ghes.git.push('main', { 'index.md': '# Home', 'docs/a.md': '# A' });
    const project = await connect({ status: 403 });
    const failsWith = async (route: string, body: object, message: string) => {
      await ghes.faultAt(route, { kind: 'changed-members', body, count: ALWAYS });
      await project.reconcile();
      await eventually(async () => (await project.syncError())?.includes(message) ?? false, {
        state: () => project.syncError(),
      });
      await ghes.clearFaults();
      await ghes.faultAt(GIT, { count: ALWAYS, status: 403 });
    };
    const content = Buffer.from('# Forged').toString('base64');
    await failsWith('GET /api/v3/*/git/blobs/*', { content }, 'does not match its object id');
    await failsWith('GET /api/v3/*/git/trees/*', { tree: [] }, 'lists other entries');
    await failsWith(
      'GET /api/v3/*/git/commits/*',
      { tree: { sha: 'a'.repeat(40) } },
      'does not match what the REST API',
    );
    const objects = worker().resources.content.repository(project.repositoryId);
    expect(await objects.stats()).toMatchObject({ objects: 0 });
  });
});
