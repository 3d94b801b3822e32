import assert from 'node:assert/strict';
import { accountSchema } from '@reunite/contracts';
import type { World } from '../world.js';
import type { Step } from './step.js';

export const identitySteps: readonly Step[] = [
  { title: 'Ada verifies her GitHub identity; first she cancels, and is told so', run: cancelFirst },
  { title: 'then she authorizes, confirms that she is octocat, and is octocat on the server', run: authorize },
  { title: 'nobody else is: the sign-in is hers alone', run: onlyHers },
];

export async function openProvider({ page, stack }: World, id: string): Promise<void> {
  await page.goto(`${stack.urls.console}/connections/${id}`);
  await page.getByRole('region', { name: 'Your GitHub identity' }).waitFor();
}

async function toTheServer(world: World): Promise<void> {
  const { page } = world;
  await page.getByRole('button', { name: 'Verify your GitHub identity' }).click();
  await page.waitForURL(`${world.simulator.url}/login/oauth/authorize*`);
  await page.getByRole('heading', { name: /^Authorize/ }).waitFor();
}

async function cancelFirst(world: World): Promise<void> {
  const { page } = world;
  await openProvider(world, world.known('connectionId'));
  await toTheServer(world);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Your identity was not verified').waitFor();
  assert.match(await page.getByRole('alert').first().innerText(), /did not allow/);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.waitForURL(`${world.stack.urls.console}/connections/${world.known('connectionId')}`);
}

async function authorize(world: World): Promise<void> {
  const { page } = world;
  await toTheServer(world);
  await page.getByRole('button', { name: /^Authorize/ }).click();
  await page.getByRole('button', { name: 'I am octocat' }).click();
  await page.waitForURL(`${world.stack.urls.console}/connections/${world.known('connectionId')}`);
  await page.getByRole('region', { name: 'Your GitHub identity' }).getByText('octocat').waitFor();
  await world.picture('identity');
}

async function onlyHers(world: World): Promise<void> {
  const account = `/v1/connections/${world.known('connectionId')}/account`;
  const read = async (api: World['api']) => accountSchema.parse(await (await api.get(account)).json());
  assert.deepEqual(await read(world.api), { status: 'active', login: 'octocat', reason: null });
  const grace = await world.signIn('grace');
  assert.deepEqual(await read(grace), { status: 'signed-out', login: null, reason: null });
}
