import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { World } from '../world.js';
import { openProvider } from './identity.steps.js';
import type { Step } from './step.js';

export const rotationSteps: readonly Step[] = [
  { title: 'Ada replaces the private key; one that is not the app’s is refused at its field', run: privateKey },
  { title: 'Ada replaces the client secret', run: clientSecret },
  { title: 'Ada has a new webhook secret made, and the server is told', run: webhookSecret },
];

export async function unfold({ page }: World, title: string) {
  const form = page.getByRole('form', { name: title });
  if (!(await form.isVisible())) await page.getByText(title, { exact: true }).click();
  return form;
}

export async function ownApp(world: World) {
  const { app } = await world.api.connection(world.known('connectionId'));
  assert.ok(app, 'the provider has its app');
  return app;
}

async function privateKey(world: World): Promise<void> {
  const { slug } = await ownApp(world);
  await openProvider(world, world.known('connectionId'));
  const form = await unfold(world, 'Replace the private key');
  const field = form.getByLabel('New private key');
  const { privateKey: foreign } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await field.fill(foreign.export({ type: 'pkcs1', format: 'pem' }).toString());
  await form.getByRole('button', { name: 'Replace' }).click();
  await form
    .locator('.fault')
    .getByText(/does not accept the private key/)
    .waitFor();
  await field.fill(await world.simulator.newPrivateKey(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new private key is in use.').waitFor();
  assert.equal(await field.inputValue(), '', 'the page does not keep it');
  await world.picture('rotation');
}

async function clientSecret(world: World): Promise<void> {
  const { slug } = await ownApp(world);
  const form = await unfold(world, 'Replace the client secret');
  await form.getByLabel('New client secret').fill(await world.simulator.newClientSecret(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new client secret is in use.').waitFor();
}

async function webhookSecret(world: World): Promise<void> {
  const known = async () => {
    const secrets = await world.simulator.secrets();
    return secrets.filter(({ kind }) => kind === 'webhook-secret').length;
  };
  const before = await known();
  const form = await unfold(world, 'Replace the webhook secret');
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The server signs with the new secret from now on.').waitFor();
  assert.equal(await known(), before + 1, 'the server has another secret');
}
