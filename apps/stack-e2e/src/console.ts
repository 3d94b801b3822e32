import { eventually } from '@reunite/testing';
import type { Page } from './browser.js';
import type { World } from './world.js';

type TabName = 'Content' | 'Branches' | 'Deployments' | 'Pull requests';

/** Opens a tab of the project; without loading the page anew where the console is at the project already. */
export async function openTab({ page }: World, name: TabName): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

/** From now on, `stillLoaded` tells whether the page was loaded anew. */
export async function markPage({ page }: World): Promise<void> {
  await page.evaluate('globalThis.loadedBefore = true');
}

export async function stillLoaded({ page }: World): Promise<boolean> {
  return page.evaluate<boolean>('globalThis.loadedBefore === true');
}

/** Waits for a row of a table by its cells' text. */
export async function untilRow(page: Page, table: string, text: RegExp, timeoutMs = 30_000): Promise<string> {
  const rows = page.getByRole('table', { name: table }).getByRole('row');
  return eventually(
    async () => {
      const texts = await rows.allInnerTexts();
      return texts.map((row) => row.replaceAll(/\s+/g, ' ')).find((row) => text.test(row));
    },
    { what: `${table} has a row like ${String(text)}`, withinMs: timeoutMs },
  );
}
