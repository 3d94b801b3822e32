import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { untilRow } from '../console.js';
import type { World } from '../world.js';
import { unfold } from './rotation.steps.js';
import type { Step } from './step.js';

const NAME = 'Acme own app';
const PERMISSIONS = {
  administration: 'read',
  checks: 'read',
  contents: 'write',
  members: 'read',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'write',
};

export const existingAppSteps: readonly Step[] = [
  { title: 'an app that somebody made by hand is entered; each wrong entry is told at its field', run: refuseWrong },
  { title: 'entered right, it is connected, and its webhooks arrive', run: enterRight },
  {
    title: 'when its key is deleted on the server, the provider is broken and says why; a new key repairs it',
    run: repair,
  },
];

type Made = Awaited<ReturnType<World['simulator']['createApp']>>;

async function refuseWrong(world: World): Promise<void> {
  const { page } = world;
  await page.goto(`${world.stack.urls.console}/connections/new`);
  await page.getByRole('link', { name: 'Enter an existing app' }).click();
  const callback = await page.getByLabel('Callback URL', { exact: true }).inputValue();
  const app = await world.simulator.createApp({
    name: NAME,
    url: 'https://docs.acme.example',
    redirect_url: callback,
    callback_urls: [callback],
    hook_attributes: { url: await page.getByLabel('Webhook URL', { exact: true }).inputValue(), active: true },
    default_permissions: PERMISSIONS,
    default_events: ['create', 'delete', 'pull_request', 'push'],
    public: false,
  });
  world.know({ ownApp: app });
  await fillRight(world, app);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const wrong: readonly [label: string, value: string, says: RegExp, right: string][] = [
    ['Private key', 'BEGIN is missing, and all the rest', /does not parse/, app.pem],
    ['Private key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /does not accept/, app.pem],
    ['App ID', '4711', /no app with the App ID 4711/, String(app.id)],
    ['App ID', 'seven', /number/, String(app.id)],
    ['Client ID', 'Iv1.0000000000000000', /another Client ID/, app.client_id],
    ['Client secret', 'short', /longer/, app.client_secret],
    ['Server URL', world.stack.urls.console, /does not answer as a GitHub Enterprise Server/, world.simulator.url],
    ['Server URL', 'http://localhost:9', /./, world.simulator.url],
    ['Organization', 'globex', /belongs to acme/, 'acme'],
  ];
  for (const [label, value, says, right] of wrong) {
    await field(world, label).fill(value);
    await refused(world, label, says);
    await field(world, label).fill(right);
  }
  await world.simulator.setPermissions(app.slug, { ...PERMISSIONS, contents: 'read' });
  await refused(world, 'App ID', /contents: write/);
  await world.simulator.setPermissions(app.slug, PERMISSIONS);
  await world.picture('existing-app-refused');
  const { items } = (await (await world.api.get('/v1/connections')).json()) as { items: { name: string }[] };
  assert.ok(!items.some(({ name }) => name === NAME), 'nothing was kept');
}

async function enterRight(world: World): Promise<void> {
  const { page } = world;
  const app = world.known('ownApp');
  await page.getByRole('button', { name: 'Add app' }).click();
  await page.waitForURL(`${world.stack.urls.console}/connections/con_*`);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'GitHub App' }).getByText(String(app.id), { exact: true }).waitFor();
  world.know({ ownConnectionId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
  // The server's webhook about it comes to the address for all apps, signed with the secret that was made here.
  await world.simulator.install(app.slug, 'acme');
  await page
    .getByRole('region', { name: 'Installations' })
    .getByRole('row', { name: /acme.*Active/ })
    .waitFor();
  await untilRow(page, 'Recent deliveries', /installation\.created.*Processed/i);
}

async function repair(world: World): Promise<void> {
  const { page } = world;
  const { slug } = world.known('ownApp');
  await world.simulator.deletePrivateKeys(slug);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Broken', { exact: true }).waitFor();
  const reason = await page.getByRole('alert').first().innerText();
  assert.match(reason, /private key/i, 'the reason names what to repair');
  await world.picture('broken');
  const form = await unfold(world, 'Replace the private key');
  await form.getByLabel('New private key').fill(await world.simulator.newPrivateKey(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new private key is in use.').waitFor();
  await page.getByText('Connected', { exact: true }).waitFor();
}

function field({ page }: World, label: string) {
  return page.getByRole('form', { name: 'Existing app' }).getByLabel(label, { exact: true });
}

async function fillRight(world: World, app: Made): Promise<void> {
  const values: Readonly<Record<string, string>> = {
    Name: NAME,
    'Server URL': world.simulator.url,
    Organization: 'acme',
    'App ID': String(app.id),
    'Client ID': app.client_id,
    'Client secret': app.client_secret,
    'Private key': app.pem,
  };
  for (const [label, value] of Object.entries(values)) await field(world, label).fill(value);
}

async function refused(world: World, label: string, says: RegExp): Promise<void> {
  const { page } = world;
  await page.getByRole('button', { name: 'Add app' }).click();
  await page.getByRole('button', { name: 'Add app', disabled: false }).waitFor();
  const wrong = page.locator('.field-wrong').filter({ has: page.getByLabel(label, { exact: true }) });
  const fault = wrong.locator('.fault');
  await fault.getByText(says).waitFor();
}
