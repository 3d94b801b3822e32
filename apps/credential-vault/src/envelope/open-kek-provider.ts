import { fileURLToPath } from 'node:url';
import type { KekProvider, KekReference } from './kek-provider.js';
import { KekError } from './kek.error.js';
import { KeyFileKekProvider } from './key-file.kek-provider.js';

/**
 * The provider that `KEK_URL` names, proven to know every KEK in use.
 *
 * @param inUse every KEK that a stored credential is wrapped by
 * @throws KekError if one of them is missing: starting would make it look as if the credentials were lost
 */
export async function openKekProvider(kekUrl: string, inUse: readonly KekReference[]): Promise<KekProvider> {
  const provider = await KeyFileKekProvider.open(fileURLToPath(new URL(kekUrl)), inUse.length === 0);
  const missing = inUse.filter((kek) => !provider.knows(kek));
  if (missing.length > 0) {
    const names = missing.map(({ kekId, kekVersion }) => `${kekId} version ${kekVersion}`).join(', ');
    throw new KekError(`The database holds credentials wrapped by ${names}, which ${kekUrl} lacks. Restore that key.`);
  }
  return provider;
}
