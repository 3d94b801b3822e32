import assert from 'node:assert/strict';
import type { TestStack } from '../../test-stack.js';
import type { Step } from '../step.js';

const ENTRIES = 10_000;
/** More than the visible rows and those around them. */
const MAX_ROWS = 100;
const CPU_SLOWDOWN = 4;

const STEPS: readonly Step[] = [
  { title: 'a folder with 10,000 files scrolls, with elements for the visible rows only', run: longFolder },
  { title: 'interactions on a processor that is four times slower are measured', run: slowProcessor },
];

export const responsivenessSteps: readonly Step[] = STEPS.map((step) => ({ ...step, isIndependent: true }));

const nameOf = (index: number) => `page-${String(index).padStart(5, '0')}.md`;

/** Opens the content of a project whose root folder has many files. */
async function openLongFolder(stack: TestStack): Promise<void> {
  const { page, local } = stack;
  const entries = Array.from({ length: ENTRIES }, (_, index) => nameOf(index)).map((name) => ({
    name,
    path: name,
    kind: 'file',
  }));
  const folder = { branch: 'main', commit: 'a'.repeat(40), path: '', kind: 'folder', entries };
  await page.route(/\/v1\/projects\/[^/]+\/content/, (route) => route.fulfill({ json: folder }));
  await page.goto(`${local.urls.console}/projects/${stack.fact('projectId')}/content`);
  await page.getByRole('link', { name: nameOf(0) }).waitFor();
}

async function longFolder(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openLongFolder(stack);
  const rows = page.getByRole('region', { name: 'Files' }).getByRole('listitem');
  assert.ok((await rows.count()) < MAX_ROWS, 'the list has elements for the visible rows only');
  await page.getByRole('link', { name: nameOf(0) }).hover();
  await page.mouse.wheel(0, ENTRIES * 100);
  await page.getByRole('link', { name: nameOf(ENTRIES - 1) }).waitFor();
  assert.ok((await rows.count()) < MAX_ROWS, 'rows that scrolled out of view have no elements');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

/** Records the longest time from an input to the next frame (https://web.dev/articles/inp). */
const OBSERVE = `
  globalThis.longestInteraction = 0;
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId > 0) globalThis.longestInteraction = Math.max(globalThis.longestInteraction, duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 });
`;

/** Prints the times instead of asserting them: other processes of the machine slow the browser too. */
async function slowProcessor(stack: TestStack): Promise<void> {
  const { page, local } = stack;
  const project = `${local.urls.console}/projects/${stack.fact('projectId')}`;
  const debug = await page.context().newCDPSession(page);
  const measure = async (what: string, act: () => Promise<unknown>) => {
    await page.evaluate(OBSERVE);
    await act();
    // Entries are delivered after the frame that follows the last input.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))');
    console.log(`              ${what}: ${await page.evaluate<number>('globalThis.longestInteraction')} ms`);
  };
  await debug.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  try {
    await page.goto(`${project}/branches`);
    const search = page.getByRole('searchbox', { name: 'Search branches' });
    await search.click();
    await measure('typing in a filter', () => page.keyboard.type('main'));
    await measure('changing a tab', () => page.getByRole('tab', { name: 'Deployments' }).click());
    await measure('opening a dialog', () => page.keyboard.press('Control+k'));
    await page.getByRole('dialog', { name: 'Go to' }).waitFor();
    await openLongFolder(stack);
    await measure('opening one of 10,000 files', () => page.getByRole('link', { name: nameOf(3) }).click());
  } finally {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await debug.detach();
  }
}
