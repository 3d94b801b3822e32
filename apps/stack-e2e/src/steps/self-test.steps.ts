import assert from 'node:assert/strict';
import { selfTestSchema } from '@reunite/contracts';
import type { SelfTest } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { rowMatching } from '../console.js';
import type { TestStack } from '../test-stack.js';
import { openProvider } from './identity.steps.js';
import type { Step } from './step.js';

export const selfTestSteps: readonly Step[] = [
  { title: 'the self-test finds nothing wrong, and a delivery that is sent again arrives', run: healthy },
  { title: 'a webhook that leads elsewhere fails the self-test, and is repaired', run: repairWebhook },
];

async function healthy(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openProvider(stack, stack.fact('connectionId'));
  const before = await lastTest(stack);
  await page.getByRole('button', { name: 'Run self-test' }).click();
  const test = await testAfter(stack, before);
  // Releases leave GitHub's support on fixed days.
  const wrong = test.probes.filter(
    ({ name, state }) => name !== 'version' && (state === 'failed' || state === 'warning'),
  );
  assert.deepEqual(wrong, [], 'nothing is wrong');
  await rowMatching(page, 'Probes of the self-test', /Webhook ping.*Ok.*was sent, received and verified/);
  await stack.screenshot('self-test');
}

async function repairWebhook(stack: TestStack): Promise<void> {
  const { page } = stack;
  const { app } = await stack.api.connection(stack.fact('connectionId'));
  await stack.simulator.setWebhookUrl(app?.slug ?? '', 'http://localhost:9/elsewhere');
  const before = await lastTest(stack);
  await page.getByRole('button', { name: 'Run self-test' }).click();
  const broken = await testAfter(stack, before);
  assert.equal(broken.state, 'failed');
  assert.notEqual(broken.failingSince, null);
  await rowMatching(page, 'Probes of the self-test', /Webhook url.*Failed.*localhost:9/);
  await page.getByRole('button', { name: 'Repair webhook' }).click();
  const repaired = await testAfter(stack, broken.testedAt);
  assert.deepEqual(
    repaired.probes.filter(({ state }) => state === 'failed'),
    [],
  );
  assert.equal(repaired.failingSince, null);
}

async function read(stack: TestStack): Promise<SelfTest> {
  const path = `/v1/connections/${stack.fact('connectionId')}/self-test`;
  return selfTestSchema.parse(await (await stack.api.get(path)).json());
}

async function lastTest(stack: TestStack): Promise<string | null> {
  return (await read(stack)).testedAt;
}

function testAfter(stack: TestStack, before: string | null): Promise<SelfTest> {
  return eventually(async () => [await read(stack)].find(({ testedAt }) => testedAt !== null && testedAt !== before), {
    what: 'the self-test has run',
    withinMs: 40_000,
  });
}
