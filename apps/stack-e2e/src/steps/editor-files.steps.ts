import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTab } from '../console.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const BRANCH = 'editor/files';

/** What a file is besides its text. */
export const editorFilesSteps: readonly Step[] = [
  { title: 'a file from Windows, one made anew and an executable one: a commit changes what was changed', run: edit },
  { title: 'a name that differs from another one in case only is warned of', run: warnOfCase },
];

async function edit(world: World): Promise<void> {
  const { page, clone } = world;
  await pushFiles(world);
  await openTab(world, 'Content');
  const branch = page.getByLabel('Branch', { exact: true });
  await branch.getByRole('option', { name: BRANCH }).waitFor({ state: 'attached' });
  await branch.selectOption(BRANCH);
  await page.getByRole('link', { name: 'windows.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Text of windows.md' }).fill('# One\n\nTwo and a half\n\nThree\n');
  await page.getByRole('link', { name: 'again.md' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await addFile(world, 'again.md');
  await page.getByRole('textbox', { name: 'Text of again.md' }).fill('# Made anew\n');
  await page.getByRole('link', { name: 'run.sh' }).click();
  await page.getByRole('checkbox', { name: 'Executable' }).check();
  await page.getByText('Made executable', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'plain.sh' }).click();
  await page.getByRole('checkbox', { name: 'Executable', checked: true }).uncheck();
  await page.getByRole('region', { name: 'Your changes' }).getByText('4 files').waitFor();
  await world.picture('editor-files');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Edit some files');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();

  await clone.git('fetch', '--quiet', 'origin');
  const changed = await clone.git('diff', '--summary', '--numstat', `origin/${BRANCH}^`, `origin/${BRANCH}`);
  assert.match(changed, /^1\t1\twindows\.md$/m, 'one line of it');
  assert.match(changed, /mode change 100644 => 100755 run\.sh/);
  assert.match(changed, /mode change 100755 => 100644 plain\.sh/);
  assert.equal(await clone.git('show', `origin/${BRANCH}:again.md`), '# Made anew');
}

async function warnOfCase(world: World): Promise<void> {
  const { page, clone } = world;
  await addFile(world, 'Windows.md');
  await page.getByText('Windows.md beside windows.md').waitFor();
  await world.picture('case-clash');
  await page.getByRole('button', { name: 'Undo the change of Windows.md' }).click();
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await openTab(world, 'Branches');
}

async function pushFiles({ clone }: World): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', BRANCH, 'origin/main');
  await writeFile(join(clone.directory, 'again.md'), '# Before\n');
  for (const name of ['run.sh', 'plain.sh']) await writeFile(join(clone.directory, name), 'true\n');
  await chmod(join(clone.directory, 'plain.sh'), 0o755);
  await clone.push(BRANCH, 'windows.md', '# One\r\n\r\nTwo\r\n\r\nThree\r\n');
  await clone.git('checkout', '--quiet', '-');
}

async function addFile({ page }: World, path: string): Promise<void> {
  await page.getByRole('button', { name: 'New file…' }).click();
  await page.getByRole('dialog', { name: 'New file' }).getByLabel('Path').fill(path);
  await page.getByRole('button', { name: 'New file', exact: true }).click();
}
