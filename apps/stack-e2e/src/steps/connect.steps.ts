import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const INVALID_SERVERS: readonly [url: string, message: RegExp][] = [
  ['https://github.com', /github\.com/i],
  ['https://acme.ghe.com', /ghe\.com/i],
  ['ftp://ghes.example.com', /http/i],
  ['https://ghes.example.com/some/path', /path/i],
  ['https://user:secret@ghes.example.com', /user|credential|password/i],
];

export const connectSteps: readonly Step[] = [
  {
    title: 'the stack starts: PostgreSQL, all services, the simulator',
    run: (stack) => stack.startStack(),
  },
  {
    title: 'Ada signs in to the console',
    async run(stack) {
      await stack.openBrowser();
      await stack.page.goto(stack.local.urls.console);
      await stack.page.getByRole('button', { name: /Ada/ }).click();
      await stack.page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
    },
  },
  {
    title: 'an invalid server URL is rejected at its field',
    run: rejectInvalidServers,
  },
  {
    title: 'add a provider: sign in and confirm on the server, then the console shows it as connected',
    run: addProvider,
  },
  {
    title: 'the provider shows the App ID and the granted permissions',
    async run(stack) {
      const [app] = await stack.simulator.apps();
      assert.ok(app, 'the simulator has an app');
      assert.ok(app.hook.active && app.hook.hasSecret, 'its webhook is active and signed');
      assert.ok(app.hook.url.startsWith(stack.local.urls.ingest), `its webhook leads to ingest: ${app.hook.url}`);
      const section = stack.page.getByRole('region', { name: 'GitHub App' });
      await section.getByText(String(app.id), { exact: true }).waitFor();
      const contents = section.getByRole('row', { name: /^Contents/ });
      assert.match(await contents.innerText(), /Write\s+Write/);
      assert.equal(await section.getByText('(not enough)').count(), 0, 'no permission is missing');
      await stack.screenshot('provider');
    },
  },
  { title: 'install the app on acme: the console shows the installation', run: installApp },
  {
    title: 'an empty repository is shown as empty',
    async run(stack) {
      await openConnectForm(stack);
      await chooseRepository(stack, 'empty');
      await stack.page.getByText('This repository is empty.').waitFor();
    },
  },
  { title: 'connect the repository acme/docs, branch main', run: connectRepository },
];

async function rejectInvalidServers({ page }: TestStack): Promise<void> {
  await page.getByRole('link', { name: 'Git providers' }).click();
  await page.getByRole('button', { name: 'Add provider' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Acme GitHub');
  await page.getByLabel('Organization').fill('acme');
  const field = page.getByLabel('Server URL');
  for (const [url, message] of INVALID_SERVERS) {
    await field.fill(url);
    await page.getByRole('button', { name: 'Continue on the server' }).click();
    const error = page.locator('.field-wrong').filter({ has: field }).locator('.violation');
    await eventually(async () => message.test(await error.innerText({ timeout: 1_000 })), {
      what: `${url} is rejected`,
      withinMs: 10_000,
    });
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    assert.ok(described.includes((await error.getAttribute('id')) ?? '-'), 'the error belongs to the field');
  }
}

async function addProvider(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.getByLabel('Server URL').fill(stack.simulator.url);
  await stack.screenshot('add-provider');
  if (stack.privateServer) {
    await rejectUntrustedServer(stack);
    await stack.privateServer.fillForm(page);
  }
  await page.getByRole('button', { name: 'Continue on the server' }).click();
  await page.waitForURL(`${stack.simulator.url}/**`);
  await page.getByLabel('Username').fill('octocat');
  await page.getByLabel('Password').fill('octocat-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Create GitHub App for acme' }).waitFor();
  await stack.screenshot('server-confirmation');
  await page.getByRole('button', { name: 'Create GitHub App for acme' }).click();
  await page.waitForURL(`${stack.local.urls.console}/connections/con_*`);
  await page.getByText('Connected', { exact: true }).waitFor();
  stack.remember({ connectionId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
}

/** Without its authority, a private server is rejected at its field, and the browser stays in the console. */
async function rejectUntrustedServer({ page }: TestStack): Promise<void> {
  await page.getByRole('button', { name: 'Continue on the server' }).click();
  const invalid = page.locator('.field-wrong').filter({ has: page.getByLabel('Server URL') });
  await invalid
    .locator('.violation')
    .getByText(/its certificate authority is not trusted/)
    .waitFor();
}

async function installApp(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.getByRole('link', { name: 'Install the app' }).click();
  await page.getByRole('heading', { name: /^Install/ }).waitFor();
  await page.getByRole('radio', { name: 'acme' }).check();
  await page.getByRole('radio', { name: 'All repositories' }).check();
  await page.getByRole('button', { name: 'Install' }).click();
  // The server redirects to the console.
  await page.waitForURL(`${stack.local.urls.console}/connections/${stack.fact('connectionId')}*`);
  const installations = page.getByRole('region', { name: 'Installations' });
  await installations.getByRole('row', { name: /acme.*Active/ }).waitFor();
}

async function openConnectForm({ page }: TestStack): Promise<void> {
  await page.getByRole('link', { name: 'Connect repository' }).click();
  await page.getByRole('heading', { name: 'Connect repository' }).waitFor();
}

async function chooseRepository({ page }: TestStack, name: string): Promise<void> {
  await page.getByLabel('Organization').selectOption('acme');
  const select = page.getByLabel('Repository', { exact: true });
  await select.locator('option', { hasText: new RegExp(`^${name}$`) }).waitFor({ state: 'attached' });
  await select.selectOption({ label: name });
}

async function connectRepository(stack: TestStack): Promise<void> {
  const { page } = stack;
  await chooseRepository(stack, 'docs');
  await page
    .getByLabel('Branch', { exact: true })
    .locator('option', { hasText: 'main' })
    .waitFor({ state: 'attached' });
  await page.getByLabel('Branch', { exact: true }).selectOption('main');
  await page.getByLabel('Project name').fill('Acme docs');
  await stack.screenshot('connect-repository');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.waitForURL(`${stack.local.urls.console}/projects/prj_*`);
  stack.remember({ projectId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
}
