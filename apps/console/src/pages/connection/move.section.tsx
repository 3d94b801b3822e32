import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';
import { Section } from '../../components/section.js';
import { hostOf } from '../../format/address.js';

/** Takes over the projects of a provider for the same app under another host name, or explains how to get there. */
export function MoveSection({ connection }: { readonly connection: Connection }) {
  const providers = useQuery(queries.allConnections());
  const takeOver = useAction((from: string) => send('post', paths.takeOver(connection.id), { body: { from } }));
  const former = (providers.data?.items ?? []).filter(
    ({ id, app, serverUrl }) =>
      id !== connection.id && app?.id === connection.app?.id && serverUrl !== connection.serverUrl,
  );
  return (
    <Section title="New host name">
      <p>
        If the server gets another host name, <Link to="/connections/new/existing">add its app again</Link> under the
        new name. Then take over the projects of the former provider on the page of the new one.
      </p>
      {former.map(({ id, name, serverUrl }) => (
        <ConfirmDialog
          key={id}
          action={`Take over the projects of ${name}`}
          title={`Move from ${hostOf(serverUrl)} to ${hostOf(connection.serverUrl)}`}
          danger
          pending={takeOver.pending}
          error={takeOver.error}
          onConfirm={() => takeOver.run(id)}
        >
          <p>
            The projects of {name} keep their content, deployments and settings, and follow{' '}
            {hostOf(connection.serverUrl)} from now on. The ids of the app, its owner and the repositories must agree.{' '}
            {name} and its credentials are deleted.
          </p>
        </ConfirmDialog>
      ))}
    </Section>
  );
}
