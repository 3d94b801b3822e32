import type { KeyObject } from 'node:crypto';

export const SIGNING_KEYS = Symbol('key service that keeps the private keys of apps, or null');

/** A key service that keeps private keys as non-exportable ones: it gets a digest and returns a signature. */
export interface SigningKeys {
  /** Identifies the service. Keys of another one cannot be used. */
  readonly id: string;

  /**
   * Imports a private key.
   *
   * @param name unique, of letters, digits, `_` and `-`
   * @returns the key's name in the service
   */
  import(name: string, privateKey: KeyObject): Promise<string>;

  /**
   * Signs by RSASSA-PKCS1-v1_5.
   *
   * @param digest SHA-256 of the data
   */
  sign(key: string, digest: Buffer): Promise<Buffer>;
}
