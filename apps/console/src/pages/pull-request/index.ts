export { ChecksTab } from './checks.tab.js';
export { CommentsTab } from './comments.tab.js';
export { FilesTab } from './files.tab.js';
export { NewPullRequestPage } from './new-pull-request.page.js';
export { OverviewTab } from './overview.tab.js';
export { PullRequestPage } from './pull-request.page.js';
