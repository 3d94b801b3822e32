import assert from 'node:assert/strict';
import { accountSchema } from '@reunite/contracts';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

export const identitySteps: readonly Step[] = [
  { title: 'Ada starts to verify her GitHub identity and cancels: the page shows it', run: cancelFirst },
  { title: 'she authorizes, confirms that she is octocat, and acts as octocat on the server', run: authorize },
  { title: 'the identity belongs to Ada only', run: onlyAdasIdentity },
];

export async function openProvider({ page, local }: TestStack, id: string): Promise<void> {
  await page.goto(`${local.urls.console}/connections/${id}`);
  await page.getByRole('region', { name: 'Your GitHub identity' }).waitFor();
}

async function openAuthorization(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.getByRole('button', { name: 'Verify your GitHub identity' }).click();
  await page.waitForURL(`${stack.simulator.url}/login/oauth/authorize*`);
  await page.getByRole('heading', { name: /^Authorize/ }).waitFor();
}

async function cancelFirst(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openProvider(stack, stack.fact('connectionId'));
  await openAuthorization(stack);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Your identity was not verified').waitFor();
  assert.match(await page.getByRole('alert').first().innerText(), /declined the authorization/);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.waitForURL(`${stack.local.urls.console}/connections/${stack.fact('connectionId')}`);
}

async function authorize(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openAuthorization(stack);
  await page.getByRole('button', { name: /^Authorize/ }).click();
  await page.getByRole('button', { name: 'I am octocat' }).click();
  await page.waitForURL(`${stack.local.urls.console}/connections/${stack.fact('connectionId')}`);
  await page.getByRole('region', { name: 'Your GitHub identity' }).getByText('octocat', { exact: true }).waitFor();
  await stack.screenshot('identity');
}

async function onlyAdasIdentity(stack: TestStack): Promise<void> {
  const account = `/v1/connections/${stack.fact('connectionId')}/account`;
  const read = async (api: TestStack['api']) => accountSchema.parse(await (await api.get(account)).json());
  assert.deepEqual(await read(stack.api), { status: 'active', login: 'octocat', reason: null });
  const grace = await stack.signIn('grace');
  assert.deepEqual(await read(grace), { status: 'signed-out', login: null, reason: null });
}
