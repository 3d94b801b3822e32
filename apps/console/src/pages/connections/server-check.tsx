import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { send } from '../../api/client.js';
import type { ResourceKey } from '../../api/live-invalidation.js';
import { paths } from '../../api/paths.js';
import { Icon } from '../../components/icon.js';
import { useSettled } from '../../components/use-settled.js';
import { hostOf } from '../../format/address.js';
import { fullTime } from '../../format/time.js';
import type { ProfileDraft } from '../connection/profile/profile-draft.rules.js';
import { profileInput } from '../connection/profile/profile-draft.rules.js';
import { checkAddress } from './server-address.rules.js';
import styles from './server-check.module.css';

const PAUSE_MS = 700;

interface ServerCheckProps {
  readonly serverUrl: string;
  readonly profile: ProfileDraft;
  /** Replaces the address by a suggested one. */
  readonly onChange: (serverUrl: string) => void;
}

/** Checks the address of a server while the user types: its form, whether it answers, and its certificate. */
export function ServerCheck({ serverUrl, profile, onChange }: ServerCheckProps) {
  const check = checkAddress(useSettled(serverUrl, PAUSE_MS));
  return (
    <div role="status" className={styles.checks}>
      {check.state === 'invalid' && (
        <Line state="failed">
          {check.reason}{' '}
          {check.suggestion !== null && (
            <button type="button" className="button button-quiet" onClick={() => onChange(check.suggestion ?? '')}>
              Use {check.suggestion}
            </button>
          )}
        </Line>
      )}
      {check.state === 'valid' && !check.isEncrypted && (
        <Line state="warning">
          The address is not encrypted: tokens could be read on the network. Use it for tests only.
        </Line>
      )}
      {check.state === 'valid' && check.isEncrypted && <Certificate origin={check.origin} profile={profile} />}
    </div>
  );
}

function Certificate({ origin, profile }: { readonly origin: string; readonly profile: ProfileDraft }) {
  const body = { serverUrl: origin, profile: profileInput(profile) };
  // Secrets of the profile are not part of the key.
  const { caBundle, pinnedCertificate, clientCertificate, proxyUrl, minTlsVersion } = profile;
  const key = { origin, caBundle, pinnedCertificate, clientCertificate, proxyUrl, minTlsVersion };
  const { data, error, isFetching } = useQuery({
    queryKey: ['server-certificate', JSON.stringify(key)] satisfies ResourceKey,
    queryFn: () => send('post', paths.serverCertificates, { body }),
    staleTime: 60_000,
  });
  if (isFetching) return <Line state="pending">Connecting to {hostOf(origin)}…</Line>;
  if (error) return <Line state="failed">{error.message}</Line>;
  if (!data) return null;
  return (
    <>
      <Line state="ok">{hostOf(origin)} answers.</Line>
      {data.selfSigned ? (
        <Line state="warning">Its certificate is self-signed. Pin it, or add its authority, in the section below.</Line>
      ) : (
        <Line state="ok">
          Its certificate was issued by {data.issuer} and is valid until {fullTime(data.validTo)}. If this authority is
          private, add it in the section below.
        </Line>
      )}
    </>
  );
}

const MARKS = { ok: 'check', failed: 'cross', warning: 'cross', pending: 'arrow' } as const;

function Line({ state, children }: { readonly state: keyof typeof MARKS; readonly children: ReactNode }) {
  return (
    <p className={styles[state]}>
      <Icon name={MARKS[state]} /> <span>{children}</span>
    </p>
  );
}
