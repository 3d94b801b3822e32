import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFileAction, chooseOption, openTab, replaceText } from '../console.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const BRANCH = 'editor/files';

/** Line ends, modes and names of files. */
export const editorFilesSteps: readonly Step[] = [
  {
    title: 'edit a file with CRLF, a re-created and an executable one: the commit contains only those changes',
    run: edit,
  },
  { title: 'add a file whose name differs only by case: the editor warns', run: warnAboutCase },
];

async function edit(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await pushFiles(stack);
  await openTab(stack, 'Content');
  await chooseOption(stack, 'Branch', BRANCH);
  await page.getByRole('link', { name: 'windows.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await replaceText(stack, 'windows.md', '# One\n\nTwo and a half\n\nThree\n');
  await page.getByRole('link', { name: 'again.md' }).click();
  await chooseFileAction(stack, 'Delete');
  await addFile(stack, 'again.md');
  await replaceText(stack, 'again.md', '# Created again\n');
  await page.getByRole('link', { name: 'run.sh' }).click();
  await chooseFileAction(stack, 'Make executable');
  await page.getByText('Made executable', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'plain.sh' }).click();
  await chooseFileAction(stack, 'Make not executable');
  await page.getByRole('region', { name: 'Your changes' }).getByText('4 files').waitFor();
  await stack.screenshot('editor-files');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Edit some files');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();

  await clone.git('fetch', '--quiet', 'origin');
  const changed = await clone.git('diff', '--summary', '--numstat', `origin/${BRANCH}^`, `origin/${BRANCH}`);
  assert.match(changed, /^1\t1\twindows\.md$/m, 'only one line changed');
  assert.match(changed, /mode change 100644 => 100755 run\.sh/);
  assert.match(changed, /mode change 100755 => 100644 plain\.sh/);
  assert.equal(await clone.git('show', `origin/${BRANCH}:again.md`), '# Created again');
}

async function warnAboutCase(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await addFile(stack, 'Windows.md');
  await page.getByText('Windows.md beside windows.md').waitFor();
  await stack.screenshot('case-clash');
  await page.getByRole('button', { name: 'Undo the change of Windows.md' }).click();
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await openTab(stack, 'Branches');
}

async function pushFiles({ clone }: TestStack): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', BRANCH, 'origin/main');
  await writeFile(join(clone.directory, 'again.md'), '# Before\n');
  for (const name of ['run.sh', 'plain.sh']) await writeFile(join(clone.directory, name), 'true\n');
  await chmod(join(clone.directory, 'plain.sh'), 0o755);
  await clone.push(BRANCH, 'windows.md', '# One\r\n\r\nTwo\r\n\r\nThree\r\n');
  await clone.git('checkout', '--quiet', '-');
}

async function addFile({ page }: TestStack, path: string): Promise<void> {
  await page.getByRole('button', { name: 'New file…' }).click();
  await page.getByRole('dialog', { name: 'New file' }).getByLabel('Path').fill(path);
  await page.getByRole('button', { name: 'New file', exact: true }).click();
}
