import type { Violation } from '../../api/violations.js';
import type { ProfileDraft } from '../connection/profile/profile-draft.rules.js';
import { ProfileFields } from '../connection/profile/profile-fields.js';

interface NetworkDetailsProps {
  readonly draft: ProfileDraft;
  readonly onChange: (draft: ProfileDraft) => void;
  readonly violations: readonly Violation[];
  readonly serverUrl: string;
}

/** Profile of a new connection. Collapsed until a violation needs it, because most servers need none. */
export function NetworkDetails({ draft, onChange, violations, serverUrl }: NetworkDetailsProps) {
  const isNeeded = violations.some(
    ({ path, message }) => path.startsWith('profile.') || /certificate|TLS/.test(message),
  );
  return (
    <details className="rotation" {...(isNeeded && { open: true })}>
      <summary>Private certificate authority, proxy, gateway</summary>
      <ProfileFields
        draft={draft}
        onChange={onChange}
        violations={violations}
        prefix="profile."
        serverUrl={serverUrl}
        keeps={false}
      />
    </details>
  );
}
