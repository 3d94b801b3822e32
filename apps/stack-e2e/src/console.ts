import { eventually } from '@reunite/testing';
import type { Page } from './browser.js';
import type { TestStack } from './test-stack.js';

type TabName = 'Content' | 'Branches' | 'Deployments' | 'Pull requests';

/** Opens a tab of the project without reloading the page. */
export async function openTab({ page }: TestStack, name: TabName): Promise<void> {
  await page.getByRole('tab', { name }).click();
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
