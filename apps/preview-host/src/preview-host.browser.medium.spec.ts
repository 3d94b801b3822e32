import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { DeploymentEntity, previewHostLabel, ProjectEntity } from '@reunite/deployments';
import { createLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { buildSite, defaultBuildLimits } from '@reunite/site-builder';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startPreviewHost } from './start-preview-host.js';

const ATTACK = 'parent.pwned=window.pwned=1';

const RESPONSES = {
  200: { description: 'OK', content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
};

/** A repository that tries every way to run a script. */
const REPOSITORY: Readonly<Record<string, string>> = {
  'index.md': [
    '# Home\n\n## Second heading\n\n[json](evil.json) [text](evil.txt)',
    `<script>${ATTACK}</script><script src="/evil.txt"></script><img src=x onerror="${ATTACK}">`,
    `<svg onload="${ATTACK}"></svg><a id="go" href="javascript:${ATTACK}">x</a><iframe srcdoc="<script>${ATTACK}</script>"></iframe>`,
    '![drawing](evil.svg)',
  ].join('\n\n'),
  'evil.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="${ATTACK}"><script>${ATTACK}</script></svg>`,
  'evil.txt': ATTACK,
  'evil.json': ATTACK,
  'evil.js': ATTACK,
  'evil.html': `<script>${ATTACK}</script>`,
  '_reunite/evil.js': ATTACK,
  'openapi.json': JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1', description: `<img src=x onerror="${ATTACK}"><script>${ATTACK}</script>` },
    paths: {
      '/pets/{id}': { get: { operationId: 'getPet', summary: 'Get a pet', tags: ['Pets'], responses: RESPONSES } },
    },
    components: {
      schemas: {
        Pet: {
          properties: {
            parent: { $ref: '#/components/schemas/Pet' },
            outside: { $ref: 'https://outside.example/s.yaml' },
            self: { $ref: '#/components/schemas/Self' },
          },
        },
        Self: { $ref: '#/components/schemas/Self' },
      },
    },
  }),
};

describe('a built site in a browser', () => {
  let postgres: RunningPostgres;
  let service: RunningService;
  let browser: Browser;
  let folder: string;
  let origin: string;
  const deployment = newId('deployment');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reunite-site-'));
    const files = Object.entries(REPOSITORY).map(([path, text]) => {
      return { path, mode: '100644' as const, read: () => Promise.resolve(Buffer.from(text)) };
    });
    const { signal } = new AbortController();
    const input = { title: 'Docs', files, limits: defaultBuildLimits, log: () => undefined, signal };
    await buildSite(input, async ({ path, body }) => {
      const target = join(folder, deployment, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, body);
    });
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    await insertDeployment(url);
    const environment = { LOG_LEVEL: 'fatal' as const, LISTEN_HOST: '127.0.0.1', PORT: 0, DATABASE_URL: url };
    const addresses = { PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/' };
    const config = { ...environment, ...addresses, ARTIFACTS_URL: pathToFileURL(folder).href };
    service = await startPreviewHost(config, createLogger('preview-host', 'fatal'));
    origin = `http://${previewHostLabel(deployment)}.preview.localhost:${service.port}`;
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await service.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function insertDeployment(url: string): Promise<void> {
    await migrate({ url, schema: 'bridge', entities: [], migrations: bridgeMigrations });
    const entities = [DeploymentEntity, ProjectEntity];
    const dataSource = await createDataSource({ url, schema: 'bridge', entities }).initialize();
    await dataSource.query(`INSERT INTO connection (id, organization_id, name, origin, owner, status, created_by)
      VALUES ('con', 'org', 'C', 'https://x.example', 'acme', 'connected', 'me')`);
    await dataSource.query(`INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name,
      default_branch, private) VALUES ('rep', 'con', 1, 1, 'acme', 'docs', 'main', false)`);
    const projectId = newId('project');
    const project = { id: projectId, organizationId: 'org', repositoryId: 'rep', name: 'Docs', rootFolder: '' };
    const policy = { branchPreviews: { mode: 'none' as const }, pullRequestPreviews: true, forkPreviews: false };
    await dataSource.manager.insert(ProjectEntity, { ...project, productionBranch: 'main', ...policy });
    const built = { commit: 'c'.repeat(40), tree: 't'.repeat(40), generation: 1, current: false };
    const of = { projectId, environment: 'production' as const, refName: 'refs/heads/main' };
    await dataSource.manager.insert(DeploymentEntity, { id: deployment, state: 'success', ...of, ...built });
    await dataSource.destroy();
  }

  /** Opens a page and records its requests to other origins. */
  async function open(path: string): Promise<{ page: Page; outside: string[] }> {
    const page = await browser.newPage();
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) outside.push(request.url());
    });
    await page.goto(`${origin}${path}`);
    return { page, outside };
  }

  const wasAttacked = (page: Page) => page.evaluate('window.pwned === 1');

  it.each(['/', '/evil.svg', '/evil.js', '/evil.html', '/_reunite/evil.js', '/openapi/'])(
    'attack: runs no script of the repository at %s',
    async (path) => {
      const { page, outside } = await open(path);
      await page.waitForTimeout(300);
      expect(await wasAttacked(page)).toBe(false);
      expect(outside).toEqual([]);
      await page.close();
    },
  );

  it('attack: loads scripts from the folder of the builder only, and no inline scripts', async () => {
    const { page } = await open('/');
    const ran = await page.evaluate(`(async () => {
      const add = (properties) => new Promise((resolve) => {
        const script = Object.assign(document.createElement('script'), properties, { onload: () => resolve('ran'), onerror: () => resolve('blocked') });
        document.body.append(script);
        if (!script.src) resolve(window.pwned === 1 ? 'ran' : 'blocked');
      });
      return [await add({ src: '/evil.txt' }), await add({ src: '/evil.json' }), await add({ textContent: 'window.pwned = 1' })];
    })()`);
    expect(ran).toEqual(['blocked', 'blocked', 'blocked']);
    await page.close();
  });

  it('searches titles, headings and operations by keyboard', async () => {
    const { page } = await open('/openapi/');
    await page.keyboard.press('/');
    await page.keyboard.type('second head');
    await page.waitForSelector('[role=option]');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/#second-heading`);
    await page.keyboard.press('/');
    await page.keyboard.type('nothing of the kind');
    await page.getByText('Nothing found').first().waitFor();
    await page.close();
  });

  it('opens an API reference at a linked operation without requests to other origins', async () => {
    const { page, outside } = await open('/openapi/#operation/getPet');
    await page.waitForURL(`${origin}/openapi/#tag/Pets/operation/getPet`);
    await page.getByRole('heading', { name: 'Get a pet' }).first().waitFor();
    expect(await page.locator('article.ready').count()).toBe(1);
    expect([await wasAttacked(page), outside]).toEqual([false, []]);
    await page.close();
  });
});
