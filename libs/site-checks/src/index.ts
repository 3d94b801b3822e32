export type { CheckFindings } from './finding-log.js';
export { linkFindings } from './link-findings.js';
export { lintSite, type LintInput } from './lint-site.js';
