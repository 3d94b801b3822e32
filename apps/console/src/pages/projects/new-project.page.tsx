import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { queries } from '../../api/queries.js';
import { BackLink } from '../../components/back-link.js';
import { ConnectSteps } from '../../components/connect-steps.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProjectForm } from './project-form.js';

export function NewProjectPage() {
  const [search] = useSearchParams();
  const connectionId = search.get('connection') ?? '';
  const connections = useQuery(queries.allConnections());
  return (
    <>
      <PageHeader title="Connect repository" above={<BackLink to="/projects">Projects</BackLink>} />
      {connectionId !== '' && <ConnectSteps current={4} />}
      <Loaded resource={connections} what="the providers">
        {({ items }) => {
          const usable = items.filter((connection) => connection.app !== null);
          if (usable.length > 0) return <ProjectForm connections={usable} connectionId={connectionId} />;
          const toProviders = (
            <Link className="button button-primary" to="/connections">
              Go to Git providers
            </Link>
          );
          return (
            <EmptyState title="No connected providers yet" action={toProviders}>
              Add your Git server as a provider first.
            </EmptyState>
          );
        }}
      </Loaded>
    </>
  );
}
