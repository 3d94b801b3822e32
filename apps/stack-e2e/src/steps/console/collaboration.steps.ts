import assert from 'node:assert/strict';
import { accessibilityViolations } from '../../accessibility.js';
import type { TestStack } from '../../test-stack.js';
import type { Step } from '../step.js';
import { dataOf } from './console-data.js';

const REVIEWER = 'hubot';

const STEPS: readonly Step[] = [
  { title: 'pull request: a comment is posted and shown', run: comment },
  { title: 'pull request: a reviewer is requested and removed', run: reviewer },
  { title: 'deployment: a preview is compared with production', run: compare },
];

export const collaborationSteps: readonly Step[] = STEPS.map((step) => ({ ...step, isIndependent: true }));

function openPullRequest(stack: TestStack, tab = ''): Promise<unknown> {
  const address = `/projects/${stack.fact('projectId')}/pull-requests/${dataOf(stack).pullRequest}${tab}`;
  return stack.page.goto(stack.local.urls.console + address);
}

async function comment(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openPullRequest(stack, '/comments');
  await page.getByLabel('Comment', { exact: true }).fill('Looks <b>good</b>.');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await page.getByRole('listitem').getByText('Looks <b>good</b>.').waitFor();
  assert.equal(await page.getByLabel('Comment', { exact: true }).inputValue(), '');
  await stack.screenshot('pull-request-comments');
  assert.deepEqual(await accessibilityViolations(page), []);
}

async function reviewer(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openPullRequest(stack);
  await page.getByLabel('Reviewer', { exact: true }).fill(REVIEWER);
  await page.getByRole('button', { name: 'Request a review' }).click();
  const remove = page.getByRole('button', { name: `Remove ${REVIEWER}` });
  await remove.waitFor();
  await stack.screenshot('reviewers');
  assert.deepEqual(await accessibilityViolations(page), []);
  await remove.click();
  await page.getByText('No reviewer is requested.').waitFor();
}

async function compare(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(`${stack.local.urls.console}/deployments/${dataOf(stack).deployment}`);
  const changes = page.getByRole('table', { name: 'Changed files' });
  await changes
    .getByRole('row', { name: /checked.*added/i })
    .first()
    .waitFor();
  await changes.scrollIntoViewIfNeeded();
  await stack.screenshot('comparison');
  assert.deepEqual(await accessibilityViolations(page), []);
}
