import type { Problem } from '@reunite/site-builder';
import { FindingLog } from './finding-log.js';
import type { CheckFindings } from './finding-log.js';

/**
 * Codes of the builder for broken links and missing parts of a page, and for a page that the lint does not check. Other
 * codes appear in the build log only.
 */
const LINK_CODES: ReadonlySet<Problem['code']> = new Set([
  'anchor-missing',
  'file-not-published',
  'include-circular',
  'include-missing',
  'link-broken',
  'link-leaves-root',
  'link-rejected',
  'page-too-complex',
  'sidebar-page-missing',
]);

/** The link check of a site: broken links, images and includes that the builder reported. */
export function linkFindings(problems: readonly Problem[]): CheckFindings {
  const log = new FindingLog();
  for (const { code, message, file, line } of problems) {
    if (LINK_CODES.has(code)) log.add({ severity: 'error', rule: code, message, file, line });
    // The builder stopped recording; the rest probably has links too.
    if (code === 'more-warnings') log.add({ severity: 'warning', rule: code, message });
  }
  return log.result();
}
