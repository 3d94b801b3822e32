import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { rowMatching } from '../console.js';
import type { TestStack } from '../test-stack.js';
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
  { title: 'enter an existing app: each invalid value is reported at its field', run: rejectInvalid },
  { title: 'enter valid values: the app is connected and its webhooks arrive', run: connectApp },
  {
    title: 'delete the key on the server: the provider shows the error; a new key repairs it',
    run: repair,
  },
];

type Made = Awaited<ReturnType<TestStack['simulator']['createApp']>>;

async function rejectInvalid(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(`${stack.local.urls.console}/connections/new`);
  await page.getByRole('link', { name: 'Enter an existing app' }).click();
  const callback = await page.getByLabel('Callback URL', { exact: true }).inputValue();
  const app = await stack.simulator.createApp({
    name: NAME,
    url: 'https://docs.acme.example',
    redirect_url: callback,
    callback_urls: [callback],
    hook_attributes: { url: await page.getByLabel('Webhook URL', { exact: true }).inputValue(), active: true },
    default_permissions: PERMISSIONS,
    default_events: ['create', 'delete', 'pull_request', 'push'],
    public: false,
  });
  stack.remember({ ownApp: app });
  await fillForm(stack, app);
  await stack.privateServer?.fillForm(stack.page);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const wrong: readonly [label: string, value: string, message: RegExp, right: string][] = [
    ['Private key', 'BEGIN is missing, and all the rest', /does not parse/, app.pem],
    ['Private key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /does not accept/, app.pem],
    ['App ID', '4711', /no app with the App ID 4711/, String(app.id)],
    ['App ID', 'seven', /number/, String(app.id)],
    ['Client ID', 'Iv1.0000000000000000', /is not the Client ID of app/, app.client_id],
    ['Client secret', 'short', /longer/, app.client_secret],
    ...otherServers(stack),
    ['Organization', 'globex', /belongs to acme/, 'acme'],
  ];
  for (const [label, value, message, right] of wrong) {
    await field(stack, label).fill(value);
    await expectError(stack, label, message);
    await field(stack, label).fill(right);
  }
  await stack.simulator.setPermissions(app.slug, { ...PERMISSIONS, contents: 'read' });
  await expectError(stack, 'App ID', /contents: write/);
  await stack.simulator.setPermissions(app.slug, PERMISSIONS);
  await stack.screenshot('existing-app-invalid');
  const { items } = (await (await stack.api.get('/v1/connections')).json()) as { items: { name: string }[] };
  assert.ok(!items.some(({ name }) => name === NAME), 'no connection was stored');
}

/** Servers that are none. In a private network, the proxy does not connect to them. */
function otherServers({ local, simulator, privateServer }: TestStack): [string, string, RegExp, string][] {
  if (privateServer) return [];
  return [
    ['Server URL', local.urls.ingest, /does not answer as a GitHub Enterprise Server/, simulator.url],
    ['Server URL', 'http://localhost:9', /./, simulator.url],
  ];
}

async function connectApp(stack: TestStack): Promise<void> {
  const { page } = stack;
  const app = stack.fact('ownApp');
  await page.getByRole('button', { name: 'Add app' }).click();
  await page.waitForURL(`${stack.local.urls.console}/connections/con_*`);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.getByRole('region', { name: 'GitHub App' }).getByText(String(app.id), { exact: true }).waitFor();
  stack.remember({ ownConnectionId: new URL(page.url()).pathname.split('/').at(-1) ?? '' });
  // Manually created apps share one webhook URL, so this delivery must be assigned by app id.
  await stack.simulator.install(app.slug, 'acme');
  await page
    .getByRole('region', { name: 'Installations' })
    .getByRole('row', { name: /acme.*Active/ })
    .waitFor();
  await rowMatching(page, 'Recent deliveries', /installation\.created.*Processed/i);
}

async function repair(stack: TestStack): Promise<void> {
  const { page } = stack;
  const { slug } = stack.fact('ownApp');
  await stack.simulator.deletePrivateKeys(slug);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('Broken', { exact: true }).waitFor();
  const reason = await page.getByRole('alert').first().innerText();
  assert.match(reason, /private key/i, 'the error names the private key');
  await stack.screenshot('broken');
  const form = await unfold(stack, 'Replace the private key');
  await form.getByLabel('New private key').fill(await stack.simulator.newPrivateKey(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new private key is in use.').waitFor();
  await page.getByText('Connected', { exact: true }).waitFor();
}

function field({ page }: TestStack, label: string) {
  return page.getByRole('form', { name: 'Existing app' }).getByLabel(label, { exact: true });
}

async function fillForm(stack: TestStack, app: Made): Promise<void> {
  const values: Readonly<Record<string, string>> = {
    Name: NAME,
    'Server URL': stack.simulator.url,
    Organization: 'acme',
    'App ID': String(app.id),
    'Client ID': app.client_id,
    'Client secret': app.client_secret,
    'Private key': app.pem,
  };
  for (const [label, value] of Object.entries(values)) await field(stack, label).fill(value);
}

async function expectError(stack: TestStack, label: string, message: RegExp): Promise<void> {
  const { page } = stack;
  await page.getByRole('button', { name: 'Add app' }).click();
  await page.getByRole('button', { name: 'Add app', disabled: false }).waitFor();
  const invalid = page.locator('.field-wrong').filter({ has: page.getByLabel(label, { exact: true }) });
  const error = invalid.locator('.violation');
  await error.getByText(message).waitFor();
}
