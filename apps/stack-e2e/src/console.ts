import { eventually } from '@reunite/testing';
import type { FrameLocator } from 'playwright-core';
import type { Page } from './browser.js';
import type { TestStack } from './test-stack.js';

type TabName = 'Overview' | 'Content' | 'Branches' | 'Deployments' | 'Pull requests';

/** Opens a tab of the project without reloading the page. */
export async function openTab({ page }: TestStack, name: TabName): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

/** Chooses an option of a combo box by its text. */
export async function chooseOption({ page }: TestStack, label: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).fill(text);
  await page.getByRole('option', { name: text, exact: true }).click();
}

/** Chooses an action from the menu of the open file. */
export async function chooseFileAction({ page }: TestStack, action: string): Promise<void> {
  await page.getByRole('button', { name: 'File actions' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Replaces the text in the editor of a file, as pasting does. */
export async function replaceText({ page }: TestStack, path: string, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: `Text of ${path}` });
  await editor.click();
  await editor.press('ControlOrMeta+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The page of a file as the console renders it, in its frame. */
export function renderedPage({ page }: TestStack, path: string): FrameLocator {
  return page.frameLocator(`iframe[title="Rendered ${path}"]`);
}

/** Marks the page, so that {@link stillLoaded} detects a reload. */
export async function markPage({ page }: TestStack): Promise<void> {
  await page.evaluate('globalThis.loadedBefore = true');
}

export async function stillLoaded({ page }: TestStack): Promise<boolean> {
  return page.evaluate<boolean>('globalThis.loadedBefore === true');
}

/** Waits for a table row whose text matches. @returns the text */
export async function rowMatching(page: Page, table: string, text: RegExp, timeoutMs = 30_000): Promise<string> {
  const rows = page.getByRole('table', { name: table }).getByRole('row');
  return eventually(
    async () => {
      const texts = await rows.allInnerTexts();
      return texts.map((row) => row.replaceAll(/\s+/g, ' ')).find((row) => text.test(row));
    },
    { what: `a row of the table ${table} matches ${String(text)}`, withinMs: timeoutMs },
  );
}
