import type { KeyObject } from 'node:crypto';

export const SIGNING_KEYS = Symbol('key service that keeps the private keys of apps, or null');

/** A key service that keeps private keys as non-exportable ones: it gets a digest and returns a signature. */
export interface SigningKeys {
  /** Identifies the service. Keys of another one cannot be used. */
  readonly id: string;

  /**
   * Prepares the import of a private key.
   *
   * @param name unique, of letters, digits, `_` and `-`
   * @returns the key's name in the service, which may have a key without a private key now
   * @throws KekError for a private key that the service would reject
   */
  create(name: string, privateKey: KeyObject): Promise<string>;

  /** Imports the private key of a key that was created for it. */
  import(key: string, privateKey: KeyObject): Promise<void>;

  /** Deletes a key that is not used. Services may require a permission for it, and delete later. */
  discard(key: string): Promise<void>;

  /**
   * Signs by RSASSA-PKCS1-v1_5.
   *
   * @param digest SHA-256 of the data
   */
  sign(key: string, digest: Buffer): Promise<Buffer>;
}
