import axe from 'axe-core';
import type { Page } from './browser.js';

/** WCAG 2.0 to 2.2, levels A and AA, and axe's best practices. */
const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Another colour scheme changes nothing but colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Display modes that are checked. */
const MODES = [
  { name: 'light', width: 1280, rules: ALL, media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', width: 1280, rules: COLOURS, media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'high contrast', width: 1280, rules: COLOURS, media: { colorScheme: 'light', forcedColors: 'active' } },
  { name: '375 px', width: 375, rules: ALL, media: { colorScheme: 'light', forcedColors: 'none' } },
] as const;

const HEIGHT = 860;
interface AxeResults {
  /** Rules that the page satisfies. */
  readonly passes: readonly unknown[];
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/**
 * Runs axe on the page as it is, in every mode.
 *
 * @returns the violations, and sideways scrolling in a narrow window (WCAG 1.4.10), each with its mode
 */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const problems: string[] = [];
  // The content security policy does not apply to scripts that the debugger evaluates.
  await page.evaluate(axe.source);
  for (const { name, width, rules, media } of MODES) {
    await page.setViewportSize({ width, height: HEIGHT });
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    const { violations, passes } = await page.evaluate<AxeResults>(
      `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })`,
    );
    if (violations.length + passes.length === 0) throw new Error('axe checked nothing.');
    for (const { id, nodes } of violations) {
      for (const { html, failureSummary = '' } of nodes) problems.push(`${name}: ${id}: ${html} ${failureSummary}`);
    }
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (overflow > 0) problems.push(`${name}: the page is ${overflow} px wider than the window`);
  }
  await page.setViewportSize({ width: 1280, height: HEIGHT });
  await page.emulateMedia({ colorScheme: null, forcedColors: null, reducedMotion: null });
  return problems;
}
