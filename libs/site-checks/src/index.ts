export { linkFindings } from './link-findings.js';
export { lintSite } from './lint-site.js';
