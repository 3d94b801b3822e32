import type { ConnectionEntity } from '@reunite/connections';
import type { ConnectionProfileView } from '@reunite/contracts';
import { describeCertificates, DIRECT_PROFILE, storedProfile } from '@reunite/ghes-client';

export function connectionProfileView(connection: ConnectionEntity): ConnectionProfileView {
  const profile = connection.profile ?? storedProfile({ ...DIRECT_PROFILE, noProxy: [] }, null);
  return {
    ...profile,
    noProxy: [...profile.noProxy],
    version: connection.profileVersion,
    caCertificates: describeCertificates(profile.caBundle),
    pinnedCertificates: describeCertificates(profile.pinnedCertificate),
    clientCertificates: describeCertificates(profile.clientCertificate),
  };
}
