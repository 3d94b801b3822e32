export { BranchesTab } from './branches.tab.js';
export { ContentTab } from './content.tab.js';
export { DeploymentsTab } from './deployments.tab.js';
export { OverviewTab } from './overview.tab.js';
export { ProjectPage } from './project.page.js';
export { PullRequestsTab } from './pull-requests.tab.js';
export { SettingsTab } from './settings.tab.js';
