import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import type { TestStack } from '../test-stack.js';
import { openProvider } from './identity.steps.js';
import type { Step } from './step.js';

export const rotationSteps: readonly Step[] = [
  { title: 'Ada replaces the private key; a key of another app is rejected at its field', run: privateKey },
  { title: 'Ada replaces the client secret', run: clientSecret },
  { title: 'Ada generates a new webhook secret, which is set on the server', run: webhookSecret },
];

export async function unfold({ page }: TestStack, title: string) {
  const form = page.getByRole('form', { name: title });
  if (!(await form.isVisible())) await page.getByText(title, { exact: true }).click();
  return form;
}

export async function ownApp(stack: TestStack) {
  const { app } = await stack.api.connection(stack.fact('connectionId'));
  assert.ok(app, 'the provider has its app');
  return app;
}

async function privateKey(stack: TestStack): Promise<void> {
  const { slug } = await ownApp(stack);
  await openProvider(stack, stack.fact('connectionId'));
  const form = await unfold(stack, 'Replace the private key');
  const field = form.getByLabel('New private key');
  const { privateKey: foreign } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await field.fill(foreign.export({ type: 'pkcs1', format: 'pem' }).toString());
  await form.getByRole('button', { name: 'Replace' }).click();
  await form
    .locator('.violation')
    .getByText(/does not accept the private key/)
    .waitFor();
  await field.fill(await stack.simulator.newPrivateKey(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new private key is in use.').waitFor();
  assert.equal(await field.inputValue(), '', 'the field is cleared');
  await stack.screenshot('rotation');
}

async function clientSecret(stack: TestStack): Promise<void> {
  const { slug } = await ownApp(stack);
  const form = await unfold(stack, 'Replace the client secret');
  await form.getByLabel('New client secret').fill(await stack.simulator.newClientSecret(slug));
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The new client secret is in use.').waitFor();
}

async function webhookSecret(stack: TestStack): Promise<void> {
  const webhookSecrets = async () => {
    const secrets = await stack.simulator.secrets();
    return secrets.filter(({ kind }) => kind === 'webhook-secret').length;
  };
  const before = await webhookSecrets();
  const form = await unfold(stack, 'Replace the webhook secret');
  await form.getByRole('button', { name: 'Replace' }).click();
  await form.getByText('The server now signs with the new secret.').waitFor();
  assert.equal(await webhookSecrets(), before + 1, 'the server has another secret');
}
