import { QueryClientProvider } from '@tanstack/react-query';
import { lazy } from 'react';
import type { ComponentType } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { createQueryClient } from './api/query-client.js';
import { PageBoundary } from './components/page-boundary.js';
import { NotFoundPage } from './pages/not-found.page.js';
import { Shell } from './shell/shell.js';

const queryClient = createQueryClient();

/** A page that is loaded when it is first opened. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async () => ({ default: (await load())[name] }));
}

const loadConnections = () => import('./pages/connections/index.js');
const loadProject = () => import('./pages/project/index.js');
const loadPullRequest = () => import('./pages/pull-request/index.js');

const HomePage = page(() => import('./pages/home/home.page.js'), 'HomePage');
const ActivityPage = page(() => import('./pages/activity/activity.page.js'), 'ActivityPage');
const ConnectionPage = page(() => import('./pages/connection/connection.page.js'), 'ConnectionPage');
const ConnectionsPage = page(loadConnections, 'ConnectionsPage');
const ExistingAppPage = page(loadConnections, 'ExistingAppPage');
const NewConnectionPage = page(loadConnections, 'NewConnectionPage');
const DeploymentPage = page(() => import('./pages/deployment/deployment.page.js'), 'DeploymentPage');
const IdentityPage = page(() => import('./pages/identity.page.js'), 'IdentityPage');
const SignInPage = page(() => import('./pages/sign-in.page.js'), 'SignInPage');
const ProjectsPage = page(() => import('./pages/projects/projects.page.js'), 'ProjectsPage');
const NewProjectPage = page(() => import('./pages/projects/new-project.page.js'), 'NewProjectPage');
const ProjectOverviewTab = page(loadProject, 'OverviewTab');
const ProjectPage = page(loadProject, 'ProjectPage');
const BranchesTab = page(loadProject, 'BranchesTab');
const ContentTab = page(loadProject, 'ContentTab');
const DeploymentsTab = page(loadProject, 'DeploymentsTab');
const PullRequestsTab = page(loadProject, 'PullRequestsTab');
const SettingsTab = page(loadProject, 'SettingsTab');
const NewPullRequestPage = page(loadPullRequest, 'NewPullRequestPage');
const PullRequestPage = page(loadPullRequest, 'PullRequestPage');
const PullRequestOverviewTab = page(loadPullRequest, 'OverviewTab');
const CommentsTab = page(loadPullRequest, 'CommentsTab');
const FilesTab = page(loadPullRequest, 'FilesTab');
const ChecksTab = page(loadPullRequest, 'ChecksTab');

const projectTabs = (
  <Route path="projects/:id" element={<ProjectPage />}>
    <Route index element={<ProjectOverviewTab />} />
    <Route path="content" element={<ContentTab />} />
    <Route path="branches" element={<BranchesTab />} />
    <Route path="deployments" element={<DeploymentsTab />} />
    <Route path="pull-requests" element={<PullRequestsTab />} />
    <Route path="settings" element={<SettingsTab />} />
  </Route>
);

const pullRequestTabs = (
  <Route path="projects/:id/pull-requests/:number" element={<PullRequestPage />}>
    <Route index element={<PullRequestOverviewTab />} />
    <Route path="files" element={<FilesTab />} />
    <Route path="comments" element={<CommentsTab />} />
    <Route path="checks" element={<ChecksTab />} />
  </Route>
);

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Routes>
          <Route path="/sign-in" element={<PageBoundary children={<SignInPage />} />} />
          <Route element={<Shell />}>
            <Route index element={<HomePage />} />
            <Route path="connections" element={<ConnectionsPage />} />
            <Route path="connections/new" element={<NewConnectionPage />} />
            <Route path="connections/new/existing" element={<ExistingAppPage />} />
            <Route path="connections/:id" element={<ConnectionPage />} />
            <Route path="projects" element={<ProjectsPage />} />
            <Route path="projects/new" element={<NewProjectPage />} />
            {projectTabs}
            <Route path="projects/:id/pull-requests/new" element={<NewPullRequestPage />} />
            {pullRequestTabs}
            <Route path="deployments/:id" element={<DeploymentPage />} />
            <Route path="activity" element={<ActivityPage />} />
            <Route path="identity" element={<IdentityPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
