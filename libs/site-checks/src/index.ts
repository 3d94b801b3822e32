export type { CheckFindings } from './finding-log.js';
export { linkFindings } from './link-findings.js';
export { lintSite } from './lint-site.js';
export type { LintInput } from './lint-site.js';
