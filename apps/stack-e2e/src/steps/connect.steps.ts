import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import type { World } from '../world.js';
import type { Step } from './step.js';

const WRONG_SERVERS: readonly [url: string, says: RegExp][] = [
  ['https://github.com', /github\.com/i],
  ['https://acme.ghe.com', /ghe\.com/i],
  ['ftp://ghes.example.com', /http/i],
  ['https://ghes.example.com/some/path', /path/i],
  ['https://somebody:secret@ghes.example.com', /user|credential|password/i],
];

export const connectSteps: readonly Step[] = [
  {
    title: 'the stack starts: PostgreSQL, all services, the simulator',
    run: (world) => world.startStack(),
  },
  {
    title: 'Ada signs in to the console',
    async run(world) {
      await world.openBrowser();
      await world.page.goto(world.stack.urls.console);
      await world.page.getByRole('button', { name: /Ada/ }).click();
      await world.page.getByRole('heading', { name: 'Projects' }).waitFor();
    },
  },
  {
    title: 'a server address that cannot be one is refused at its field',
    run: refuseWrongServers,
  },
  {
    title: 'Add provider leads through the sign-in and confirmation of the server, and back: connected',
    run: addProvider,
  },
  {
    title: 'the provider shows the App ID and the granted permissions',
    async run(world) {
      const [app] = await world.simulator.apps();
      assert.ok(app, 'the simulator has an app');
      assert.ok(app.hook.active && app.hook.hasSecret, 'its webhook is active and signed');
      assert.ok(app.hook.url.startsWith(world.stack.urls.ingest), `its webhook leads to ingest: ${app.hook.url}`);
      const section = world.page.getByRole('region', { name: 'GitHub App' });
      await section.getByText(String(app.id), { exact: true }).waitFor();
      const contents = section.getByRole('row', { name: /^Contents/ });
      assert.match(await contents.innerText(), /Write\s+Write/);
      assert.equal(await section.getByText('(not enough)').count(), 0, 'no permission is missing');
      await world.picture('provider');
    },
  },
  { title: 'the app is installed on acme, and the console notices', run: installApp },
  {
    title: 'an empty repository says that it is empty',
    async run(world) {
      await openConnectForm(world);
      await chooseRepository(world, 'empty');
      await world.page.getByText('This repository is empty.').waitFor();
    },
  },
  { title: 'Connect repository: acme/docs, main', run: connectRepository },
];

async function refuseWrongServers({ page }: World): Promise<void> {
  await page.getByRole('link', { name: 'Git providers' }).click();
  await page.getByRole('button', { name: 'Add provider' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Acme GitHub');
  await page.getByLabel('Organization').fill('acme');
  const field = page.getByLabel('Server URL');
  for (const [url, says] of WRONG_SERVERS) {
    await field.fill(url);
    await page.getByRole('button', { name: 'Continue on the server' }).click();
    const fault = page.locator('.field-wrong').filter({ has: field }).locator('.fault');
    await eventually(async () => says.test(await fault.innerText({ timeout: 1_000 })), {
      what: `${url} is refused`,
      withinMs: 10_000,
    });
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    assert.ok(described.includes((await fault.getAttribute('id')) ?? '-'), 'the fault belongs to the field');
  }
}

async function addProvider(world: World): Promise<void> {
  const { page } = world;
  await page.getByLabel('Server URL').fill(world.simulator.url);
  await world.picture('add-provider');
  await page.getByRole('button', { name: 'Continue on the server' }).click();
  await page.waitForURL(`${world.simulator.url}/**`);
  await page.getByLabel('Username').fill('octocat');
  await page.getByLabel('Password').fill('octocat-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Create GitHub App for acme' }).waitFor();
  await world.picture('server-confirmation');
  await page.getByRole('button', { name: 'Create GitHub App for acme' }).click();
  await page.waitForURL(`${world.stack.urls.console}/connections/con_*`);
  await page.getByText('Connected', { exact: true }).waitFor();
  world.know({ connectionId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
}

async function installApp(world: World): Promise<void> {
  const { page } = world;
  await page.getByRole('link', { name: 'Install the app' }).click();
  await page.getByRole('heading', { name: /^Install/ }).waitFor();
  await page.getByRole('radio', { name: 'acme' }).check();
  await page.getByRole('radio', { name: 'All repositories' }).check();
  await page.getByRole('button', { name: 'Install' }).click();
  // The server sends the person back to the console.
  await page.waitForURL(`${world.stack.urls.console}/connections/${world.known('connectionId')}*`);
  const installations = page.getByRole('region', { name: 'Installations' });
  await installations.getByRole('row', { name: /acme.*Active/ }).waitFor();
}

async function openConnectForm({ page }: World): Promise<void> {
  await page.getByRole('link', { name: 'Connect repository' }).click();
  await page.getByRole('heading', { name: 'Connect repository' }).waitFor();
}

async function chooseRepository({ page }: World, name: string): Promise<void> {
  await page.getByLabel('Organization').selectOption('acme');
  const select = page.getByLabel('Repository', { exact: true });
  await select.locator('option', { hasText: new RegExp(`^${name}$`) }).waitFor({ state: 'attached' });
  await select.selectOption({ label: name });
}

async function connectRepository(world: World): Promise<void> {
  const { page } = world;
  await chooseRepository(world, 'docs');
  await page
    .getByLabel('Branch', { exact: true })
    .locator('option', { hasText: 'main' })
    .waitFor({ state: 'attached' });
  await page.getByLabel('Branch', { exact: true }).selectOption('main');
  await page.getByLabel('Project name').fill('Acme docs');
  await world.picture('connect-repository');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.waitForURL(`${world.stack.urls.console}/projects/prj_*`);
  world.know({ projectId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
}
