export { linkFindings } from './link-findings.js';
export { lintSite, preloadLinter } from './lint-site.js';
export { publicationBlockers } from './publication-blockers.js';
