import type { Problem } from '@reunite/site-builder';
import { FindingLog } from './finding-log.js';
import type { CheckFindings } from './finding-log.js';

/** The builder's problems that mean: this leads a reader nowhere, or to a page that lacks a part. The others are in the build's log. */
const deadEnds: ReadonlySet<Problem['code']> = new Set([
  'anchor-missing',
  'file-not-published',
  'include-circular',
  'include-missing',
  'link-broken',
  'link-leaves-root',
  'link-refused',
  'sidebar-page-missing',
]);

/** The link check of a site: what its builder found while it followed every link, image and include. */
export function linkFindings(problems: readonly Problem[]): CheckFindings {
  const log = new FindingLog();
  for (const { code, message, file, line } of problems) {
    if (deadEnds.has(code)) log.add({ severity: 'error', rule: code, message, file, line });
    // More than the builder wrote down; some of them are links, most likely.
    if (code === 'more-warnings') log.add({ severity: 'warning', rule: code, message });
  }
  return log.result();
}
