import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { ConnectionPage } from './pages/connection/connection.page.js';
import { ConnectionsPage } from './pages/connections/connections.page.js';
import { ExistingAppPage } from './pages/connections/existing-app.page.js';
import { NewConnectionPage } from './pages/connections/new-connection.page.js';
import { DeploymentPage } from './pages/deployment/deployment.page.js';
import { IdentityPage } from './pages/identity.page.js';
import { NotFoundPage } from './pages/not-found.page.js';
import { BranchesTab } from './pages/project/branches.tab.js';
import { ContentTab } from './pages/project/content.tab.js';
import { DeploymentsTab } from './pages/project/deployments.tab.js';
import { ProjectPage } from './pages/project/project.page.js';
import { PullRequestsTab } from './pages/project/pull-requests.tab.js';
import { SettingsTab } from './pages/project/settings.tab.js';
import { NewProjectPage } from './pages/projects/new-project.page.js';
import { ProjectsPage } from './pages/projects/projects.page.js';
import { ChecksTab } from './pages/pull-request/checks.tab.js';
import { FilesTab } from './pages/pull-request/files.tab.js';
import { NewPullRequestPage } from './pages/pull-request/new-pull-request.page.js';
import { OverviewTab } from './pages/pull-request/overview.tab.js';
import { PullRequestPage } from './pages/pull-request/pull-request.page.js';
import { SignInPage } from './pages/sign-in.page.js';
import { Shell } from './shell/shell.js';

export function App() {
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/sign-in" element={<SignInPage />} />
        <Route element={<Shell />}>
          <Route index element={<Navigate to="/projects" replace />} />
          <Route path="connections" element={<ConnectionsPage />} />
          <Route path="connections/new" element={<NewConnectionPage />} />
          <Route path="connections/new/existing" element={<ExistingAppPage />} />
          <Route path="connections/:id" element={<ConnectionPage />} />
          <Route path="projects" element={<ProjectsPage />} />
          <Route path="projects/new" element={<NewProjectPage />} />
          <Route path="projects/:id" element={<ProjectPage />}>
            <Route index element={<ContentTab />} />
            <Route path="branches" element={<BranchesTab />} />
            <Route path="deployments" element={<DeploymentsTab />} />
            <Route path="pull-requests" element={<PullRequestsTab />} />
            <Route path="settings" element={<SettingsTab />} />
          </Route>
          <Route path="projects/:id/pull-requests/new" element={<NewPullRequestPage />} />
          <Route path="projects/:id/pull-requests/:number" element={<PullRequestPage />}>
            <Route index element={<OverviewTab />} />
            <Route path="files" element={<FilesTab />} />
            <Route path="checks" element={<ChecksTab />} />
          </Route>
          <Route path="deployments/:id" element={<DeploymentPage />} />
          <Route path="identity" element={<IdentityPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </BrowserRouter>
  );
}
