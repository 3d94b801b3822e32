import { useState } from 'react';
import type { ServerCertificate } from '@reunite/contracts';
import { send } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { useAction } from '../../../api/use-action.js';
import { FormProblem } from '../../../components/form-problem.js';
import { Notice } from '../../../components/notice.js';
import { CertificateFacts } from './certificates.js';
import { profileInput } from './profile-draft.rules.js';
import type { ProfileDraft } from './profile-draft.rules.js';

interface PinCertificateProps {
  readonly draft: ProfileDraft;
  readonly onChange: (draft: ProfileDraft) => void;
  readonly serverUrl: string;
  readonly violation: string | undefined;
}

/** Shows the certificate of a self-signed server, and pins it after the user compared its fingerprint. */
export function PinCertificate({ draft, onChange, serverUrl, violation }: PinCertificateProps) {
  const inspect = useAction(() =>
    send('post', paths.serverCertificates, { body: { serverUrl, profile: profileInput(draft) } }),
  );
  if (draft.pinnedCertificate !== '') {
    return (
      <div className="field">
        <p>The certificate of the server is pinned: it is trusted as it is.</p>
        {violation !== undefined && <p className="violation">{violation}</p>}
        <button type="button" className="button" onClick={() => onChange({ ...draft, pinnedCertificate: '' })}>
          Remove the pinned certificate
        </button>
      </div>
    );
  }
  return (
    <div className="field">
      <p className="hint">Is the certificate of the server self-signed, without an authority?</p>
      <button type="button" className="button" onClick={() => inspect.run(undefined)} disabled={inspect.pending}>
        {inspect.pending ? 'Reading…' : 'Show the server’s certificate'}
      </button>
      <FormProblem error={inspect.error} violations={[]} />
      {inspect.result && (
        <PresentedCertificate
          certificate={inspect.result}
          onPin={(pem) => onChange({ ...draft, pinnedCertificate: pem })}
        />
      )}
    </div>
  );
}

interface PresentedCertificateProps {
  readonly certificate: ServerCertificate;
  readonly onPin: (pem: string) => void;
}

function PresentedCertificate({ certificate, onPin }: PresentedCertificateProps) {
  const [compared, setCompared] = useState(false);
  return (
    <>
      <Notice tone="warn">
        Anyone between Reunite and the server could have presented this certificate. Pin it only if its fingerprint is
        the one that an administrator reads on the server itself.
      </Notice>
      <CertificateFacts certificate={certificate} />
      <label className="check">
        <input type="checkbox" checked={compared} onChange={(event) => setCompared(event.target.checked)} />I compared
        the fingerprint with the one on the server
      </label>
      <button type="button" className="button" disabled={!compared} onClick={() => onPin(certificate.certificate)}>
        Pin this certificate
      </button>
    </>
  );
}
