import { InvalidInputError } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';

/** Fields of a profile by the code of the error that they cause. */
export const profileFields = {
  'ghes-client-certificate': 'clientCertificate',
  'ghes-gateway': 'gatewayHeaderName',
  'ghes-proxy-rejected': 'proxyUrl',
  'ghes-proxy-unreachable': 'proxyUrl',
  'ghes-tls': 'caBundle',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** Fields of the form that adds a provider: the server comes before its profile. */
export const newServerFields: Readonly<Partial<Record<ErrorCode, string>>> = {
  'ghes-client-certificate': 'profile.clientCertificate',
  'ghes-gateway': 'profile.gatewayHeaderName',
  'ghes-proxy-rejected': 'profile.proxyUrl',
  'ghes-proxy-unreachable': 'profile.proxyUrl',
  'app-wrong-host': 'serverUrl',
  'ghes-blocked-address': 'serverUrl',
  'ghes-malformed-response': 'serverUrl',
  'ghes-redirected': 'serverUrl',
  'ghes-server-error': 'serverUrl',
  'ghes-tls': 'serverUrl',
  'ghes-unreachable': 'serverUrl',
  'ghes-unsupported-version': 'serverUrl',
  'ghes-wrong-host': 'serverUrl',
};

/**
 * Converts the vault's violations of a request to those of the caller's.
 *
 * @throws InvalidInputError, or the error as it is
 */
export async function withVaultViolations<Result>(call: Promise<Result>, prefix: '' | 'profile.'): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof VaultError && error.violations.length > 0)) throw error;
    const violations = error.violations.map(({ path, message }) => {
      return { path: prefix + path.replace(/^profile\./, ''), message };
    });
    throw new InvalidInputError(error.message, violations);
  }
}
