import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Certificate, Connection, ConnectionProfileView } from '@reunite/contracts';
import { queries } from '../../../api/queries.js';
import { send } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { useAction } from '../../../api/use-action.js';
import { violationsOf } from '../../../api/violations.js';
import { Fact, Facts } from '../../../components/facts.js';
import { FormProblem } from '../../../components/form-problem.js';
import { Loaded } from '../../../components/loaded.js';
import { Notice } from '../../../components/notice.js';
import { Section } from '../../../components/section.js';
import { CertificateFacts } from './certificates.js';
import { draftOfProfile, profileInput } from './profile-draft.rules.js';
import { ProfileFields } from './profile-fields.js';

interface ProfileSectionProps {
  readonly connection: Connection;
  readonly mayChange: boolean;
}

/** Shows and changes the connection profile: certificates, proxy, gateway and limits. */
export function ProfileSection({ connection, mayChange }: ProfileSectionProps) {
  const { id, serverUrl } = connection;
  const profile = useQuery(queries.connectionProfile(id));
  return (
    <Section title="Network">
      <Loaded resource={profile} what="the network settings">
        {(current) => (
          <>
            <ProfileFacts profile={current} />
            {mayChange && <ProfileForm key={current.version} id={id} serverUrl={serverUrl} profile={current} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function ProfileFacts({ profile }: { readonly profile: ConnectionProfileView }) {
  const { proxyUrl, hasProxyCredentials, gatewayHeaderName, minTlsVersion } = profile;
  return (
    <>
      <Facts>
        <Fact name="Proxy">
          {proxyUrl === '' ? 'none' : `${proxyUrl}${hasProxyCredentials ? ', with credentials' : ''}`}
        </Fact>
        <Fact name="Gateway header">{gatewayHeaderName === '' ? 'none' : gatewayHeaderName}</Fact>
        <Fact name="Minimum TLS version">{minTlsVersion.replace('TLSv', 'TLS ')}</Fact>
      </Facts>
      <Certificates title="Trusted authorities" certificates={profile.caCertificates} />
      <Certificates title="Pinned certificate" certificates={profile.pinnedCertificates} />
      <Certificates title="Client certificate" certificates={profile.clientCertificates} />
    </>
  );
}

function Certificates({
  title,
  certificates,
}: {
  readonly title: string;
  readonly certificates: readonly Certificate[];
}) {
  if (certificates.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {certificates.map((certificate) => (
        <CertificateFacts key={certificate.fingerprint} certificate={certificate} />
      ))}
    </>
  );
}

interface ProfileFormProps {
  readonly id: string;
  readonly serverUrl: string;
  readonly profile: ConnectionProfileView;
}

function ProfileForm({ id, serverUrl, profile }: ProfileFormProps) {
  const [draft, setDraft] = useState(() => draftOfProfile(profile));
  const [version, setVersion] = useState(profile.version);
  const replace = useAction(async () => {
    const changed = await send('put', paths.connectionProfile(id), { body: profileInput(draft), version });
    setVersion(changed.version);
    return changed;
  });
  const violations = violationsOf(replace.error);
  return (
    <details className="rotation">
      <summary>Change how the server is reached</summary>
      <form
        className="form"
        noValidate
        aria-label="Change how the server is reached"
        onSubmit={(event) => {
          event.preventDefault();
          replace.run(undefined);
        }}
      >
        <p>The change is used only if the server answers by it and accepts the app.</p>
        <FormProblem error={replace.error} violations={violations} />
        <ProfileFields
          draft={draft}
          onChange={setDraft}
          violations={violations}
          prefix=""
          serverUrl={serverUrl}
          keeps
        />
        {replace.result && <Notice tone="good">The server answered. The change is in use.</Notice>}
        <div className="form-actions">
          <button type="submit" className="button" disabled={replace.pending}>
            {replace.pending ? 'Verifying…' : 'Save'}
          </button>
        </div>
      </form>
    </details>
  );
}
