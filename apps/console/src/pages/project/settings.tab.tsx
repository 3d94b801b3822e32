import { Link, useNavigate } from 'react-router';
import type { Project } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { DeleteDialog } from '../../components/delete-dialog.js';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { may, useSession } from '../../shell/session-context.js';
import { productionCheckTexts } from '../projects/production-checks-field.js';
import { productionCommitTexts } from '../projects/production-commits-field.js';
import { useProject } from './project.page.js';
import { SettingsForm } from './settings-form.js';
import { SyncNow } from './sync-problem.js';

function branchPreviewWords(previews: Project['branchPreviews']): string {
  switch (previews.mode) {
    case 'all':
      return 'All';
    case 'none':
      return 'None';
    case 'patterns':
      return `Chosen: ${previews.patterns.join(', ')}`;
  }
}

function pullRequestPreviewWords(project: Project): string {
  if (!project.pullRequestPreviews) return 'None';
  return project.forkPreviews ? 'Every pull request, also from forks' : 'Every pull request, but not from forks';
}

export function SettingsTab() {
  const project = useProject();
  const navigate = useNavigate();
  const session = useSession();
  return (
    <>
      <Section title="Project" actions={<SyncNow projectId={project.id} />}>
        <Facts>
          <Fact name="Repository">{project.repository}</Fact>
          <Fact name="Git provider">
            <Link to={`/connections/${project.connectionId}`}>Open provider</Link>
          </Fact>
          <Fact name="Production branch">
            <span className="branch">{project.productionBranch}</span>
          </Fact>
          <Fact name="Folder">{project.rootFolder || 'The whole repository'}</Fact>
          <Fact name="Publish to production from the editor">{productionCommitTexts[project.productionCommits]}</Fact>
          <Fact name="When checks of production fail">{productionCheckTexts[project.productionChecks]}</Fact>
          <Fact name="Pull request previews">{pullRequestPreviewWords(project)}</Fact>
          <Fact name="Errors that fail a preview">
            {project.previewChecks === 'new' ? 'Only those that production does not have' : 'All'}
          </Fact>
          <Fact name="Pull request comments">
            {project.pullRequestComments ? 'One comment with the results, kept up to date' : 'None'}
          </Fact>
          <Fact name="Branch previews">{branchPreviewWords(project.branchPreviews)}</Fact>
          <Fact name="Site">
            {project.productionUrl === null ? (
              'Not deployed yet'
            ) : (
              <ExternalLink href={project.productionUrl}>{project.productionUrl}</ExternalLink>
            )}
          </Fact>
          <Fact name="Connected">
            <TimeAgo at={project.createdAt} />
          </Fact>
          <Fact name="Project ID">
            <code>{project.id}</code>
          </Fact>
        </Facts>
      </Section>
      <Section title="Change settings">
        {may(session, 'admin') ? <SettingsForm project={project} /> : <p className="hint">Requires the role admin.</p>}
      </Section>
      <Section title="Delete project">
        <p>Takes its deployments and previews offline. The repository on the server is not changed.</p>
        <DeleteDialog
          what="project"
          name={project.name}
          onDelete={() => send('delete', paths.deleteProject(project.id))}
          onDeleted={() => void navigate('/projects', { replace: true })}
        >
          <p>The site and all previews of this project go offline. This cannot be undone.</p>
        </DeleteDialog>
      </Section>
    </>
  );
}
