import { Link, useSearchParams } from 'react-router';
import { paths, withQuery } from '../../api/paths.js';
import { useResource } from '../../api/use-resource.js';
import { BackLink } from '../../components/back-link.js';
import { ConnectSteps } from '../../components/connect-steps.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ProjectForm } from './project-form.js';

/** The API's largest page, because an organization has few servers. */
const allProviders = withQuery(paths.connections, { limit: 100 });

export function NewProjectPage() {
  const [search] = useSearchParams();
  const connectionId = search.get('connection') ?? '';
  const connections = useResource(allProviders, { types: ['connection', 'repository'] });
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
