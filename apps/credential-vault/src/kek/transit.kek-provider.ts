import { z } from 'zod';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekError } from './kek.error.js';
import { TransitClient } from './transit-client.js';

const encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v[0-9]+:/) }) });
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });
const described = z.object({ data: z.object({ latest_version: z.int().positive() }) });

/**
 * HashiCorp Vault's or OpenBao's transit engine, with a key of an AEAD type (aes256-gcm96): the KEK never leaves it.
 * https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
export class TransitKekProvider implements KekProvider {
  private readonly kekId: string;
  private readonly client: TransitClient;
  private readonly key: string;

  /**
   * @param url `transit+https://host:8200/<mount>/<key>`
   * @param tokenFile read for every call, so that an agent can renew it
   */
  constructor(url: string, tokenFile: string) {
    const { origin, pathname } = new URL(url.replace(/^transit\+/, ''));
    const segments = pathname.split('/').filter((segment) => segment !== '');
    const key = segments.pop();
    if (key === undefined || segments.length === 0) {
      throw new KekError('KEK_URL must name mount and key: transit+https://host:8200/<mount>/<key>');
    }
    this.client = new TransitClient(origin, segments.join('/'), tokenFile);
    this.key = key;
    this.kekId = `transit:${origin}/${this.client.mount}/${key}`;
  }

  knows({ kekId }: KekReference): boolean {
    return kekId === this.kekId;
  }

  async current(): Promise<KekReference> {
    const { data } = await this.call('GET', 'keys', undefined, described);
    return { kekId: this.kekId, kekVersion: data.latest_version };
  }

  async wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    const body = { plaintext: dek.toString('base64'), associated_data: associatedData.toString('base64') };
    const { ciphertext } = (await this.call('POST', 'encrypt', body, encrypted)).data;
    const kekVersion = Number(/^vault:v([0-9]+):/.exec(ciphertext)?.[1]);
    return { kekId: this.kekId, kekVersion, wrappedDek: Buffer.from(ciphertext) };
  }

  async unwrap({ wrappedDek }: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const body = { ciphertext: wrappedDek.toString('utf8'), associated_data: associatedData.toString('base64') };
    const { data } = await this.call('POST', 'decrypt', body, decrypted);
    return Buffer.from(data.plaintext, 'base64');
  }

  /**
   * Destroys versions irrevocably. Requires `update` on `keys/<key>/config` and `keys/<key>/trim`, which the vault itself
   * does not need: run the command with a token of its own.
   * https://developer.hashicorp.com/vault/api-docs/secret/transit#trim-key
   */
  async destroyUpTo(version: number): Promise<void> {
    const least = version + 1;
    await this.call(
      'POST',
      'keys',
      { min_decryption_version: least, min_encryption_version: least },
      z.unknown(),
      '/config',
    );
    await this.call('POST', 'keys', { min_available_version: least }, z.unknown(), '/trim');
  }

  private call<T>(
    method: 'GET' | 'POST',
    action: string,
    body: object | undefined,
    answer: z.ZodType<T>,
    part = '',
  ): Promise<T> {
    // A wrong ciphertext, associated data or version is a bad request with varying messages.
    const isAboutDataKey = (status: number) => status === 400 && action === 'decrypt';
    return this.client.call(method, `${action}/${this.key}${part}`, body, answer, isAboutDataKey);
  }
}
