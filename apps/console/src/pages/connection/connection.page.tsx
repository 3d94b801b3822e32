import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { useAction } from '../../api/use-action.js';
import { useAnnounceChange } from '../../components/announcer.js';
import { BackLink } from '../../components/back-link.js';
import { Badge } from '../../components/badge.js';
import { DeleteDialog } from '../../components/delete-dialog.js';
import { ExternalLink } from '../../components/external-link.js';
import { FormProblem } from '../../components/form-problem.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { hostOf } from '../../format/address.js';
import { connectionTones } from '../../format/tone.js';
import { may, mayManageProviders, useSession } from '../../shell/session-context.js';
import { AppSection } from './app.section.js';
import { AuditSection } from './audit.section.js';
import { CredentialsSection } from './credentials.section.js';
import { DeliveriesSection } from './deliveries.section.js';
import { HealthSection } from './health.section.js';
import { IdentitySection } from './identity.section.js';
import { InstallationsSection } from './installations.section.js';
import { MoveSection } from './move.section.js';
import { NextStep } from './next-step.js';
import { RenameSection } from './rename.section.js';
import { SelfTestSection } from './self-test.section.js';
import { ProfileSection } from './profile/profile.section.js';

export function ConnectionPage() {
  const { id = '' } = useParams();
  const connection = useQuery(queries.connection(id));
  useAnnounceChange(connection.data && `${connection.data.name} is ${connection.data.status}`);
  return (
    <Loaded resource={connection} what="the provider" isPage>
      {(connection) => <ConnectionDetails key={connection.id} connection={connection} />}
    </Loaded>
  );
}

function ConnectionDetails({ connection }: { readonly connection: Connection }) {
  const refresh = useAction(() => send('post', paths.refreshConnection(connection.id)));
  const session = useSession();
  const isOwner = mayManageProviders(session);
  const refreshButton = (
    <button type="button" className="button" onClick={() => refresh.run(undefined)} disabled={refresh.pending}>
      Refresh
    </button>
  );
  return (
    <>
      <PageHeader
        title={connection.name}
        above={<BackLink to="/connections">Git providers</BackLink>}
        badge={<Badge tone={connectionTones[connection.status]}>{connection.status}</Badge>}
        actions={refreshButton}
      >
        <ExternalLink href={connection.serverUrl}>{hostOf(connection.serverUrl)}</ExternalLink> · organization{' '}
        <strong>{connection.owner}</strong>
      </PageHeader>
      <FormProblem error={refresh.error} violations={[]} />
      <NextStep connection={connection} />
      {connection.app && <HealthSection connection={connection} />}
      {connection.app && <InstallationsSection connection={connection} />}
      {connection.app && <IdentitySection connectionId={connection.id} />}
      {connection.app && <AppSection connectionId={connection.id} app={connection.app} />}
      {connection.app && <DeliveriesSection connectionId={connection.id} />}
      {connection.app && <SelfTestSection connectionId={connection.id} mayRepair={isOwner} />}
      <ProfileSection connection={connection} mayChange={isOwner} />
      {isOwner && connection.app && <CredentialsSection connection={connection} app={connection.app} />}
      {isOwner && <RenameSection key={connection.name} connection={connection} />}
      {may(session, 'admin') && <AuditSection connectionId={connection.id} />}
      {isOwner && connection.app && <MoveSection connection={connection} />}
      {isOwner && <DeleteSection connection={connection} />}
    </>
  );
}

function DeleteSection({ connection }: { readonly connection: Connection }) {
  const navigate = useNavigate();
  return (
    <Section title="Danger zone">
      <p>
        Deletes its credentials and stops syncing its repositories. This cannot be undone. The GitHub App remains on
        your server until you delete it there.
      </p>
      <DeleteDialog
        what="provider"
        name={connection.name}
        onDelete={(typedName) => send('delete', paths.deleteConnection(connection.id, typedName))}
        onDeleted={() => void navigate('/connections', { replace: true })}
      >
        <p>This deletes the credentials of the provider and stops syncing. This cannot be undone.</p>
      </DeleteDialog>
    </Section>
  );
}
