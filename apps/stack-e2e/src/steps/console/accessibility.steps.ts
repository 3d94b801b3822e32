import assert from 'node:assert/strict';
import { accessibilityViolations } from '../../accessibility.js';
import type { TestStack } from '../../test-stack.js';
import type { Step } from '../step.js';
import { dataOf, PULL_REQUEST } from './console-data.js';

interface CheckedPage {
  readonly name: string;
  readonly path: (stack: TestStack) => string;
  /** Text that the page shows once it has loaded. */
  readonly shows: string | RegExp;
  /** Name of the screenshot for the documentation. */
  readonly screenshot?: string;
  /** Opens a dialog of the page. */
  readonly open?: (stack: TestStack) => Promise<unknown>;
}

const project = (stack: TestStack, below = '') => `/projects/${stack.fact('projectId')}${below}`;
const provider = (stack: TestStack) => `/connections/${stack.fact('connectionId')}`;
const pullRequest = (stack: TestStack, below = '') =>
  project(stack, `/pull-requests/${dataOf(stack).pullRequest}${below}`);

const press = (name: string) => (stack: TestStack) => stack.page.getByRole('button', { name, exact: true }).click();

const PAGES: readonly CheckedPage[] = [
  { name: 'home', path: () => '/', shows: PULL_REQUEST, screenshot: 'console' },
  { name: 'projects', path: () => '/projects', shows: 'Acme docs' },
  { name: 'connect repository', path: () => '/projects/new', shows: 'Project name' },
  { name: 'project', path: (stack) => project(stack), shows: 'Last push', screenshot: 'project' },
  { name: 'content', path: (stack) => project(stack, '/content?file=index.md'), shows: 'Acme' },
  { name: 'branches', path: (stack) => project(stack, '/branches'), shows: 'Production' },
  { name: 'deployments', path: (stack) => project(stack, '/deployments'), shows: 'Open site' },
  { name: 'pull requests', path: (stack) => project(stack, '/pull-requests'), shows: PULL_REQUEST },
  { name: 'settings', path: (stack) => project(stack, '/settings'), shows: 'Delete project' },
  { name: 'new pull request', path: (stack) => project(stack, '/pull-requests/new'), shows: 'Open pull request' },
  { name: 'pull request', path: (stack) => pullRequest(stack), shows: 'octocat' },
  { name: 'files of a pull request', path: (stack) => pullRequest(stack, '/files'), shows: 'checked.md' },
  { name: 'checks of a pull request', path: (stack) => pullRequest(stack, '/checks'), shows: /build/ },
  { name: 'deployment', path: (stack) => `/deployments/${dataOf(stack).deployment}`, shows: 'nowhere.md' },
  { name: 'providers', path: () => '/connections', shows: 'Acme GitHub' },
  { name: 'provider', path: provider, shows: 'Recent deliveries' },
  { name: 'add provider', path: () => '/connections/new', shows: 'Continue on the server' },
  { name: 'existing app', path: () => '/connections/new/existing', shows: 'Client ID' },
  { name: 'activity', path: () => '/activity', shows: /^[\w-]+\.[\w-]+$/ },
  { name: 'page that does not exist', path: () => '/nowhere', shows: 'This page does not exist.' },
];

const DIALOGS: readonly CheckedPage[] = [
  { name: 'command palette', path: () => '/projects', shows: 'Keyboard shortcuts', open: press('Go to… Ctrl K') },
  {
    name: 'keyboard shortcuts',
    path: () => '/projects',
    shows: 'Go to Home',
    open: ({ page }) => page.keyboard.press('?'),
  },
  { name: 'new file', path: (stack) => project(stack, '/content'), shows: 'Path', open: press('New file…') },
  {
    name: 'commit with its changes',
    path: (stack) => project(stack, '/content?file=index.md'),
    shows: 'To a new branch',
    open: openCommit,
    screenshot: 'commit',
  },
  {
    name: 're-deploy',
    path: (stack) => `/deployments/${dataOf(stack).deployment}`,
    shows: 'is built again',
    open: press('Re-deploy…'),
  },
  { name: 'edit a pull request', path: (stack) => pullRequest(stack), shows: 'Description', open: press('Edit') },
  { name: 'merge', path: (stack) => pullRequest(stack), shows: 'Squash', open: press('Merge…') },
  {
    name: 'delete a project',
    path: (stack) => project(stack, '/settings'),
    shows: 'Name to delete',
    open: press('Delete project'),
  },
];

async function openCommit(stack: TestStack): Promise<void> {
  const { page } = stack;
  await press('Edit')(stack);
  const editor = page.getByRole('textbox', { name: 'Text of index.md' });
  await editor.click();
  await page.keyboard.type('A new line. ');
  await press('Commit…')(stack);
  await page.getByRole('textbox', { name: 'Changes of index.md' }).waitFor();
}

async function check(stack: TestStack, { path, shows, screenshot, open }: CheckedPage): Promise<void> {
  const { page, local } = stack;
  await page.goto(local.urls.console + path(stack));
  if (open) {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await open(stack);
    await page.getByRole('dialog').getByText(shows).first().waitFor();
  } else {
    await page.getByRole('main').getByText(shows).first().waitFor();
  }
  if (screenshot !== undefined) await stack.screenshot(screenshot);
  assert.deepEqual(await accessibilityViolations(page), []);
  if (open) {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
}

async function discardDraft(stack: TestStack): Promise<void> {
  await press('Discard all…')(stack);
  await stack.page.getByRole('dialog').getByRole('button', { name: 'Discard all' }).click();
  await stack.page.getByText('Your changes').waitFor({ state: 'hidden' });
}

export const accessibilitySteps: readonly Step[] = [
  ...PAGES.map((one): Step => ({
    title: `axe: the page "${one.name}" has no violation`,
    isIndependent: true,
    run: (stack) => check(stack, one),
  })),
  ...DIALOGS.map((one): Step => ({
    title: `axe: the dialog "${one.name}" has no violation`,
    isIndependent: true,
    async run(stack) {
      await check(stack, one);
      if (one.open === openCommit) await discardDraft(stack);
    },
  })),
];
