import type { AwsCredentials } from '../kek/aws-kms.kek-provider.js';
import { KekError } from '../kek/kek.error.js';
import type { SigningKeys } from './signing-keys.js';
import { TransitSigningKeys } from './transit.signing-keys.js';

export interface SigningKeySettings {
  /** Undefined to keep private keys in the database. */
  readonly url: string | undefined;
  readonly transitTokenFile: string | undefined;
  /** Default: the AWS SDK finds them. */
  readonly aws?: AwsCredentials;
}

/** Opens the service that `SIGNING_KEYS_URL` names. @returns null if there is none */
export async function openSigningKeys({ url, transitTokenFile, aws }: SigningKeySettings): Promise<SigningKeys | null> {
  if (url === undefined) return null;
  if (url.startsWith('aws-kms:')) {
    // Loaded on demand, because the SDK is large.
    const { AwsKmsSigningKeys } = await import('./aws-kms.signing-keys.js');
    return new AwsKmsSigningKeys(url, aws);
  }
  if (transitTokenFile === undefined) throw new KekError('transit needs KEK_TRANSIT_TOKEN_FILE.');
  return new TransitSigningKeys(url, transitTokenFile);
}
