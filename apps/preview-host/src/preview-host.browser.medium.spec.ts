import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { previewHostLabel } from '@reunite/deployments';
import { buildSite, defaultBuildLimits } from '@reunite/site-builder';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { TestPreviewHost } from '../test/test-preview-host.js';

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
  'guide.md': [
    '---\ndescription: All elements of a page\n---\n# Guide\n\n[[toc]]\n\n## Installation\n\nThe hippopotamus lives in the text.\n',
    '> [!WARNING]\n> Careful.\n\n- [x] done\n- [ ] open\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nA note.[^1]\n\n[^1]: Text.\n',
    '```ts\nconst answer: number = 42; // a comment\n```\n\n![A drawing](evil.svg)\n\n![Wide](wide.svg)\n\n$a^2$\n',
    '{% tabs %}\n{% tab label="One" %}\nFirst\n{% /tab %}\n{% tab label="Two" %}\nSecond\n{% /tab %}\n{% /tabs %}\n',
    '{% admonition type="success" name="Well done" %}\nText\n{% /admonition %}\n\n{% card title="A card" to="index.md" %}\nText\n{% /card %}\n',
  ].join('\n'),
  'evil.svg': `<svg xmlns="http://www.w3.org/2000/svg" onload="${ATTACK}"><script>${ATTACK}</script></svg>`,
  'wide.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="100"/>',
  'docs/@v1/page.md': '# Page 1',
  'docs/@v2/page.md': '# Page 2\n\nThe hippopotamus again.',
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
  let host: TestPreviewHost;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    host = await TestPreviewHost.start();
    const deployment = await host.insertDeployment('success');
    const files = Object.entries(REPOSITORY).map(([path, text]) => {
      return { path, mode: '100644' as const, read: () => Promise.resolve(Buffer.from(text)) };
    });
    const { signal } = new AbortController();
    const input = { title: 'Docs', files, limits: defaultBuildLimits, log: () => undefined, signal };
    const site: Record<string, string | Buffer> = {};
    await buildSite(input, ({ path, body }) => {
      site[path] = body;
      return Promise.resolve();
    });
    await host.publish(deployment, site);
    origin = `http://${previewHostLabel(deployment)}.preview.localhost:${host.service.port}`;
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await host.stop();
  });

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
    await page.getByText('No results').first().waitFor();
    await page.close();
  });

  it('opens images that are larger than the page, and closes them by keyboard', async () => {
    const { page } = await open('/guide/');
    await page.getByRole('button', { name: 'Enlarge image: Wide' }).press('Enter');
    await page.getByRole('dialog', { name: 'Wide' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.close();
  });

  it('switches the version, in which the search finds no page of another one', async () => {
    const { page } = await open('/docs/@v2/page/');
    await page.getByLabel('Version: v2').click();
    await page.getByRole('link', { name: 'v1', exact: true }).first().click();
    await page.waitForURL(`${origin}/docs/%40v1/page/`);
    await page.locator('header.top input').fill('hippopotamus');
    await page.getByRole('option', { name: 'Guide' }).first().waitFor();
    expect(await page.getByRole('option', { name: 'Page 2' }).count()).toBe(0);
    await page.close();
  });

  it('finds titles, and words of the text, in spite of typos', async () => {
    const { page } = await open('/');
    for (const [written, title] of [
      ['instalation', 'Installation'],
      ['hipopotamus', 'Guide'],
      ['get a pett', 'Get a pet'],
    ] as const) {
      await page.locator('header.top input').fill(written);
      await page.getByRole('option', { name: title }).first().waitFor();
    }
    await page.close();
  });

  it.each(['/', '/guide/', '/docs/@v1/page/', '/openapi/', '/missing'])(
    'axe finds no violation at %s',
    async (path) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(`${origin}${path}`);
        if (path === '/openapi/') await page.locator('article.ready').waitFor();
        await page.evaluate(axe.source);
        // Redoc renders the article of a reference.
        const scope = path === '/openapi/' ? { exclude: ['article'] } : { include: ['html'] };
        const result = await page.evaluate(`axe.run(${JSON.stringify(scope)})`);
        const { violations, passes } = result as axe.AxeResults;
        const rules = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`,
        );
        expect([colorScheme, rules]).toEqual([colorScheme, []]);
        expect(passes.length).toBeGreaterThan(10);
        await page.close();
      }
    },
  );

  it('opens an API reference at a linked operation without requests to other origins', async () => {
    const { page, outside } = await open('/openapi/#operation/getPet');
    await page.waitForURL(`${origin}/openapi/#tag/Pets/operation/getPet`);
    await page.getByRole('heading', { name: 'Get a pet' }).first().waitFor();
    expect(await page.locator('article.ready').count()).toBe(1);
    expect([await wasAttacked(page), outside]).toEqual([false, []]);
    await page.close();
  });
});
