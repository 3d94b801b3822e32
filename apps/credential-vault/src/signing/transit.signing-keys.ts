import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { KekError } from '../kek/kek.error.js';
import { TransitClient } from '../kek/transit-client.js';
import { requireImportable, wrapForImport } from './key-wrap.rules.js';
import type { SigningKeys } from './signing-keys.js';

const wrapping = z.object({ data: z.object({ public_key: z.string() }) });
const signed = z.object({ data: z.object({ signature: z.string() }) });
const SIGNATURE = /^vault:v[0-9]+:([A-Za-z0-9+/=]+)$/;

/**
 * The transit engine of HashiCorp Vault or OpenBao.
 * https://developer.hashicorp.com/vault/api-docs/secret/transit#import-key
 */
export class TransitSigningKeys implements SigningKeys {
  readonly id: string;
  private readonly client: TransitClient;

  /** @param url `transit+https://host:8200/<mount>` */
  constructor(url: string, tokenFile: string) {
    const { origin, pathname } = new URL(url.replace(/^transit\+/, ''));
    const mount = pathname.split('/').filter((segment) => segment !== '');
    if (mount.length === 0) throw new KekError('SIGNING_KEYS_URL must name a mount: transit+https://host:8200/<mount>');
    this.client = new TransitClient(origin, mount.join('/'), tokenFile);
    this.id = `transit:${origin}/${this.client.mount}`;
  }

  /** Transit has no key before its import. */
  create(name: string, privateKey: KeyObject): Promise<string> {
    requireImportable(privateKey);
    return Promise.resolve(name);
  }

  async import(name: string, privateKey: KeyObject): Promise<void> {
    const { data } = await this.client.call('GET', 'wrapping_key', undefined, wrapping);
    const ciphertext = wrapForImport(privateKey, createPublicKey(data.public_key)).toString('base64');
    const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 2048;
    const key = { type: `rsa-${bits}`, exportable: false, allow_plaintext_backup: false };
    await this.client.call('POST', `keys/${name}/import`, { ciphertext, hash_function: 'SHA256', ...key }, z.unknown());
  }

  async discard(name: string): Promise<void> {
    await this.client.call('POST', `keys/${name}/config`, { deletion_allowed: true }, z.unknown());
    await this.client.call('DELETE', `keys/${name}`, undefined, z.unknown());
  }

  async sign(key: string, digest: Buffer): Promise<Buffer> {
    const body = { input: digest.toString('base64'), prehashed: true, signature_algorithm: 'pkcs1v15' };
    const { data } = await this.client.call('POST', `sign/${key}/sha2-256`, body, signed);
    const [, signature] = SIGNATURE.exec(data.signature) ?? [];
    if (signature === undefined) throw new KekError('Transit returned an undocumented signature.');
    return Buffer.from(signature, 'base64');
  }
}
