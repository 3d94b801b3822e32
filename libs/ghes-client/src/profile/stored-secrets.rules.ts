import type { ConnectionProfileInput, InputViolation } from '@reunite/contracts';
import type { ConnectionProfile, SecretField } from './connection-profile.rules.js';

/** Whether the stored secret of a field may be used again. */
type ReusableSecrets = Readonly<Record<SecretField, boolean>>;

/**
 * Completes an entered profile with the stored secrets. A stored secret is used only if no change of the profile could
 * show it to someone else. Otherwise an attacker who may change a profile could send it to a server or proxy of their
 * own.
 *
 * @param input a secret that is omitted was not entered again
 */
export function completeProfile(input: ConnectionProfileInput, stored: ConnectionProfile): ConnectionProfile {
  const reusable = reusableSecrets(input, stored);
  const secret = (field: SecretField) => input[field] ?? (reusable[field] ? stored[field] : '');
  return {
    ...input,
    clientKey: input.clientCertificate === '' ? '' : secret('clientKey'),
    proxyUsername: input.proxyUrl === '' ? '' : secret('proxyUsername'),
    proxyPassword: input.proxyUrl === '' ? '' : secret('proxyPassword'),
    gatewayHeaderValue: input.gatewayHeaderName === '' ? '' : secret('gatewayHeaderValue'),
  };
}

/**
 * The violations of stored secrets that have to be entered again. Credentials of another proxy are none: they are
 * dropped, because the new proxy may need none.
 */
export function storedSecretViolations(input: ConnectionProfileInput, stored: ConnectionProfile): InputViolation[] {
  const reusable = reusableSecrets(input, stored);
  const isDropped = (field: SecretField) => stored[field] !== '' && input[field] === undefined && !reusable[field];
  const violations: InputViolation[] = [];
  if (input.gatewayHeaderName !== '' && isDropped('gatewayHeaderValue')) {
    const message =
      'Enter the value of the header again: the stored one is not sent after a change of header, proxy or certificates.';
    violations.push({ path: 'gatewayHeaderValue', message });
  }
  if (input.proxyUrl === '' || input.proxyUrl !== stored.proxyUrl) return violations;
  for (const path of ['proxyUsername', 'proxyPassword'] as const) {
    const message = 'Enter it again: the stored one is not sent to the proxy after a change of certificates.';
    if (isDropped(path)) violations.push({ path, message });
  }
  return violations;
}

/**
 * A secret is used again if everything that decides who sees it is unchanged or removed:
 *
 * - the gateway header: its name, the trusted certificates and the proxy;
 * - the credentials of a proxy: its URL and, with TLS, the trusted certificates;
 * - the client key: its certificate only. TLS never sends the key, and a signature is of use in its own handshake only.
 */
function reusableSecrets(input: ConnectionProfileInput, stored: ConnectionProfile): ReusableSecrets {
  const trustsNoOther = (['caBundle', 'pinnedCertificate'] as const).every(
    (field) => input[field] === '' || isSamePem(input[field], stored[field]),
  );
  const isSameProxy = input.proxyUrl === stored.proxyUrl;
  const isSameHeader = input.gatewayHeaderName.toLowerCase() === stored.gatewayHeaderName.toLowerCase();
  const isProxyReusable = isSameProxy && (trustsNoOther || /^http:/i.test(input.proxyUrl));
  return {
    clientKey: isSamePem(input.clientCertificate, stored.clientCertificate),
    proxyUsername: isProxyReusable,
    proxyPassword: isProxyReusable,
    gatewayHeaderValue: isSameHeader && trustsNoOther && (isSameProxy || input.proxyUrl === ''),
  };
}

/** Browsers change the line breaks of a text field. */
function isSamePem(entered: string, stored: string): boolean {
  return entered.replaceAll('\r\n', '\n') === stored.replaceAll('\r\n', '\n');
}
