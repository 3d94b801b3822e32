export { linkFindings } from './link-findings.js';
export { lintSite } from './lint-site.js';
export { publicationBlockers } from './publication-blockers.js';
