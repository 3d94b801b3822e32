import { fileURLToPath } from 'node:url';
import type { AwsCredentials } from './aws-kms.kek-provider.js';
import { CachingKekProvider } from './caching.kek-provider.js';
import type { KekProvider, KekReference } from './kek-provider.js';
import { KekProviders } from './kek-providers.js';
import { KekError } from './kek.error.js';
import { readKeyFile } from './key-file.js';
import { parseKeyRing } from './key-ring.js';
import { KeyRingKekProvider } from './key-ring.kek-provider.js';
import { TransitKekProvider } from './transit.kek-provider.js';

export interface KekSettings {
  readonly url: string;
  /** Previous providers, which only unwrap. */
  readonly previousUrls: readonly string[];
  readonly transitTokenFile?: string | undefined;
  /** Default: the AWS SDK finds them. */
  readonly aws?: AwsCredentials;
  /** Reads an environment variable. */
  readonly variable: (name: string) => string | undefined;
}

/**
 * Opens the provider that `KEK_URL` names and verifies that it has every KEK in use.
 *
 * @param inUse every KEK that a stored credential is wrapped by
 * @throws KekError if one is missing: a vault that starts without it would report its credentials as lost
 */
export async function openKekProvider(settings: KekSettings, inUse: readonly KekReference[]): Promise<KekProvider> {
  const newest = await openOne(settings.url, settings, inUse.length === 0);
  const previous = await Promise.all(settings.previousUrls.map((url) => openOne(url, settings, false)));
  const provider = new KekProviders(newest, previous);
  const missing = inUse.filter((kek) => !provider.knows(kek));
  if (missing.length > 0) {
    const names = missing.map(({ kekId, kekVersion }) => `${kekId} version ${kekVersion}`).join(', ');
    throw new KekError(
      `The database has credentials wrapped by ${names}, which KEK_URL and KEK_PREVIOUS_URLS lack. Restore that key.`,
    );
  }
  return provider;
}

async function openOne(url: string, settings: KekSettings, mayCreate: boolean): Promise<KekProvider> {
  if (url.startsWith('file:')) {
    const path = fileURLToPath(new URL(url));
    await readKeyFile(path, mayCreate);
    return KeyRingKekProvider.open(() => readKeyFile(path, false));
  }
  if (url.startsWith('env:')) return openVariable(url.slice('env:'.length), settings);
  if (url.startsWith('aws-kms:')) {
    // Loaded on demand, because the SDK is large.
    const { AwsKmsKekProvider } = await import('./aws-kms.kek-provider.js');
    return new CachingKekProvider(new AwsKmsKekProvider(url, settings.aws));
  }
  if (settings.transitTokenFile === undefined) throw new KekError('transit needs KEK_TRANSIT_TOKEN_FILE.');
  return new CachingKekProvider(new TransitKekProvider(url, settings.transitTokenFile));
}

function openVariable(name: string, { variable }: KekSettings): Promise<KekProvider> {
  return KeyRingKekProvider.open(() => {
    const text = variable(name);
    if (text === undefined) return Promise.reject(new KekError(`The environment variable ${name} is not set.`));
    return Promise.resolve(parseKeyRing(text, `The environment variable ${name}`));
  });
}
