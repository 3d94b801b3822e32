import assert from 'node:assert/strict';
import { connectionProfileViewSchema } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { openProvider } from './identity.steps.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

/** Steps for a server in a private network; with an open one they do nothing. */
export const privateNetworkSteps: readonly Step[] = [
  { title: 'the provider shows how its server is reached, and the proxy was used', run: showProfile },
  {
    title: 'a profile by which the server does not answer is rejected at its field, and nothing changes',
    run: rejectProfile,
  },
];

async function showProfile(stack: TestStack): Promise<void> {
  const { page, privateServer } = stack;
  if (!privateServer) return;
  assert.ok((await stack.simulator.tunnels()) > 0, 'the bridge went through the proxy');
  await openProvider(stack, stack.fact('connectionId'));
  const section = page.getByRole('region', { name: 'Network' });
  await section.getByText(`${privateServer.proxyUrl}, with credentials`).waitFor();
  await section.getByText('X-Gateway-Key', { exact: true }).waitFor();
  await section
    .getByText(/Acme Internal CA/)
    .first()
    .waitFor();
  await section
    .getByText(/36\d days left/)
    .first()
    .waitFor();
  await stack.screenshot('network');
}

async function rejectProfile(stack: TestStack): Promise<void> {
  const { page, privateServer } = stack;
  if (!privateServer) return;
  const section = page.getByRole('region', { name: 'Network' });
  await section.getByText('Change how the server is reached').click();
  const form = section.getByRole('form', { name: 'Change how the server is reached' });
  const wrong: readonly [label: string, value: string, message: RegExp][] = [
    ['Certificate authorities', 'hello', /not a certificate in PEM/],
    ['Proxy password', 'wrong', /user name or password is missing or wrong/],
    ['Gateway header value', 'wrong', /a gateway in front of it rejects the request/],
  ];
  for (const [label, value, message] of wrong) {
    const field = form.getByLabel(label, { exact: true });
    const before = await field.inputValue();
    await field.fill(value);
    await form.getByRole('button', { name: 'Save' }).click();
    await form.locator('.violation').getByText(message).waitFor();
    await field.fill(before);
  }
  await form.getByRole('button', { name: 'Save' }).click();
  const path = `/v1/connections/${stack.fact('connectionId')}/profile`;
  const read = async () => connectionProfileViewSchema.parse(await (await stack.api.get(path)).json());
  const profile = await eventually(async () => [await read()].find(({ version }) => version === 2), {
    what: 'the unchanged profile is stored again, with its secrets',
  });
  assert.deepEqual([profile.proxyUrl, profile.hasProxyCredentials], [privateServer.proxyUrl, true]);
}
