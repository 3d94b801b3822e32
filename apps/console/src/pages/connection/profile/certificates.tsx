import type { Certificate } from '@reunite/contracts';
import { Fact, Facts } from '../../../components/facts.js';

/** Subject, issuer, expiry and fingerprint of a certificate. */
export function CertificateFacts({ certificate }: { readonly certificate: Certificate }) {
  const { subject, issuer, fingerprint, validTo, daysLeft } = certificate;
  return (
    <Facts>
      <Fact name="Subject">{subject === '' ? 'none' : subject}</Fact>
      <Fact name="Issuer">{issuer === '' ? 'none' : issuer}</Fact>
      <Fact name="Expires">
        {validTo.slice(0, 10)}, {daysText(daysLeft)}
      </Fact>
      <Fact name="SHA-256 fingerprint">
        <code>{fingerprint}</code>
      </Fact>
    </Facts>
  );
}

function daysText(daysLeft: number): string {
  if (daysLeft < 0) return 'expired';
  return daysLeft === 1 ? '1 day left' : `${daysLeft} days left`;
}
