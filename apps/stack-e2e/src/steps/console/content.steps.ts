import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { eventually } from '@reunite/testing';
import { accessibilityViolations } from '../../accessibility.js';
import { chooseFileAction, renderedPage, replaceText } from '../../console.js';
import type { TestStack } from '../../test-stack.js';
import type { Step } from '../step.js';
import { BRANCH, dataOf } from './console-data.js';

const STEPS: readonly Step[] = [
  { title: 'content: a page is rendered with its images, and its source can be shown', run: pageViews },
  { title: 'content: an image is shown', run: imageView },
  { title: 'content: the history of a file shows what a commit changed', run: fileHistory },
  { title: 'content: a branch is downloaded as a ZIP file', run: downloadZip },
  { title: 'content: the file actions rename and mark a file', run: fileActions },
  { title: 'editor: the page is rendered beside the text while it is typed', run: livePreview },
  { title: 'pull request: a changed page is rendered before and after', run: pullRequestPage },
  { title: 'attack: a hostile page in the preview runs no script', run: hostilePage },
];

export const contentSteps: readonly Step[] = STEPS.map((step) => ({ ...step, isIndependent: true }));

async function openFile(stack: TestStack, file: string): Promise<void> {
  const query = new URLSearchParams({ branch: BRANCH, file });
  const address = `/projects/${stack.fact('projectId')}/content?${query.toString()}`;
  await stack.page.goto(stack.local.urls.console + address);
}

async function pageViews(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openFile(stack, 'checked.md');
  await renderedPage(stack, 'checked.md').getByRole('heading', { name: 'Checked' }).waitFor();
  const image = renderedPage(stack, 'checked.md').getByRole('img', { name: 'A pixel' });
  await image.waitFor();
  assert.match((await image.getAttribute('src')) ?? '', /^data:image\/png;base64,/);
  await page.getByRole('radio', { name: 'Source' }).click();
  await page.getByRole('region', { name: 'Text of checked.md' }).getByText('# Checked').waitFor();
}

async function imageView(stack: TestStack): Promise<void> {
  await openFile(stack, 'pixel.png');
  const image = stack.page.getByRole('img', { name: 'Content of pixel.png' });
  await image.waitFor();
  await eventually(() => image.evaluate((element) => 'naturalWidth' in element && element.naturalWidth === 1), {
    what: 'the image is decoded',
  });
}

async function fileHistory(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openFile(stack, 'checked.md');
  await page.getByRole('button', { name: 'History' }).click();
  const versions = page.getByRole('table', { name: 'Versions of checked.md' });
  await versions.getByRole('button', { name: /^Show the changes of/ }).click();
  await page
    .getByRole('region', { name: 'Patch of checked.md' })
    .getByRole('row', { name: /added: # Checked/ })
    .waitFor();
  await stack.screenshot('file-history');
  assert.deepEqual(await accessibilityViolations(page), []);
}

async function downloadZip(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openFile(stack, 'checked.md');
  const link = page.getByRole('link', { name: 'Download ZIP' });
  const answer = await page.request.get(stack.local.urls.console + ((await link.getAttribute('href')) ?? ''));
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()['content-type'], 'application/zip');
  const download = page.waitForEvent('download');
  await link.click();
  const file = await readFile(await (await download).path());
  assert.equal(file.subarray(0, 2).toString(), 'PK');
  assert.ok(file.includes('checked.md'), 'the archive contains the file of the branch');
}

async function fileActions(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openFile(stack, 'checked.md');
  await page.getByRole('button', { name: 'File actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  await stack.screenshot('file-actions');
  assert.deepEqual(await accessibilityViolations(page), []);
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('dialog').getByLabel('Path').fill('renamed.md');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await chooseFileAction(stack, 'Make executable');
  await page.getByText('Renamed from checked.md, made executable', { exact: true }).waitFor();
  await discard(stack);
}

async function edit(stack: TestStack, text: string): Promise<void> {
  await openFile(stack, 'checked.md');
  await stack.page.getByRole('button', { name: 'Edit', exact: true }).click();
  await replaceText(stack, 'checked.md', text);
}

async function discard({ page }: TestStack): Promise<void> {
  await page.getByRole('button', { name: 'Discard all…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard all' }).click();
  await page.getByText('Your changes').waitFor({ state: 'hidden' });
}

async function livePreview(stack: TestStack): Promise<void> {
  await edit(stack, '# Typed just now\n\n> [!NOTE]\n> A note.\n');
  await renderedPage(stack, 'checked.md').getByRole('heading', { name: 'Typed just now' }).waitFor();
  await stack.screenshot('editor');
  await discard(stack);
}

async function pullRequestPage(stack: TestStack): Promise<void> {
  const { page } = stack;
  const address = `/projects/${stack.fact('projectId')}/pull-requests/${dataOf(stack).pullRequest}/files`;
  await page.goto(stack.local.urls.console + address);
  const file = page.getByRole('region', { name: 'File checked.md' });
  await file.getByRole('button', { name: 'Before and after' }).click();
  await file.getByRole('radio', { name: 'Rendered' }).click();
  await renderedPage(stack, 'checked.md').getByRole('heading', { name: 'Checked' }).waitFor();
  await stack.screenshot('pull-request-rendered');
}

async function hostilePage(stack: TestStack): Promise<void> {
  const { page } = stack;
  await edit(stack, '# Hostile\n\n<img src="pixel.png" onload="top.attacked=1"><script>top.attacked=1</script>\n');
  await renderedPage(stack, 'checked.md').getByRole('heading', { name: 'Hostile' }).waitFor();
  const frame = page.locator('iframe[title="Rendered checked.md"]');
  assert.equal(await frame.getAttribute('sandbox'), '', 'the frame has no permission');
  assert.doesNotMatch((await frame.getAttribute('srcdoc')) ?? '', /<script|onload/);
  // Even a document that was not sanitized runs no script.
  await frame.evaluate((element) => {
    element.setAttribute(
      'srcdoc',
      '<p>Not sanitized</p><img src="data:," onerror="top.attacked=1"><script>top.attacked=1</script>',
    );
  });
  await page.frameLocator('iframe[title="Rendered checked.md"]').getByText('Not sanitized').waitFor();
  assert.equal(await page.evaluate('globalThis.attacked'), undefined);
  await discard(stack);
}
