import { createHash } from 'node:crypto';
import { z } from 'zod';
import { signAwsRequest } from './aws-signature.js';
import type { AwsCredentials } from './aws-signature.js';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekError } from './kek.error.js';
import { callKekService } from './remote-call.js';

const encrypted = z.object({ CiphertextBlob: z.base64() });
const decrypted = z.object({ Plaintext: z.base64() });
const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key\/[A-Za-z0-9-]+$/;
/** Both come with status 400. https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html */
const busy = /(Throttling|LimitExceeded)[A-Za-z]*Exception|RequestLimitExceeded/;
const anotherKey = /(InvalidCiphertext|IncorrectKey)Exception/;
const named = z.object({ __type: z.string() });
/** KMS keeps the versions of a key itself: old ones go on decrypting, and a rotation there needs nothing here. */
const VERSION = 1;

/** A symmetric AWS KMS key. https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export class AwsKmsKekProvider implements KekProvider {
  readonly #arn: string;
  readonly #region: string;
  readonly #endpoint: URL;

  /** @param url `aws-kms:<key ARN>`, with `?endpoint=https://…` for a VPC endpoint */
  constructor(
    url: string,
    private readonly credentials: AwsCredentials,
  ) {
    const [arn = '', query = ''] = url.replace(/^aws-kms:/, '').split('?');
    const region = keyArn.exec(arn)?.[1];
    if (region === undefined)
      throw new KekError('KEK_URL must name a key: aws-kms:arn:aws:kms:<region>:<account>:key/<id>');
    this.#arn = arn;
    this.#region = region;
    this.#endpoint = new URL(new URLSearchParams(query).get('endpoint') ?? `https://kms.${region}.amazonaws.com`);
    // Data keys go over it in clear.
    if (this.#endpoint.protocol !== 'https:' && !['127.0.0.1', 'localhost'].includes(this.#endpoint.hostname)) {
      throw new KekError('The endpoint of aws-kms must be https://, or on this machine.');
    }
  }

  knows({ kekId }: KekReference): boolean {
    return kekId === this.#arn;
  }

  current(): Promise<KekReference> {
    return Promise.resolve({ kekId: this.#arn, kekVersion: VERSION });
  }

  async wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    const plaintext = { Plaintext: dek.toString('base64') };
    const { CiphertextBlob } = await this.#call('Encrypt', plaintext, associatedData, encrypted);
    return { ...(await this.current()), wrappedDek: Buffer.from(CiphertextBlob, 'base64') };
  }

  async unwrap({ wrappedDek }: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const ciphertext = { CiphertextBlob: wrappedDek.toString('base64') };
    const { Plaintext } = await this.#call('Decrypt', ciphertext, associatedData, decrypted);
    return Buffer.from(Plaintext, 'base64');
  }

  #call<T>(action: string, parameters: object, associatedData: Buffer, answer: z.ZodType<T>): Promise<T> {
    // The context is logged by CloudTrail, so it is a hash and names nobody.
    const context = { reunite: createHash('sha256').update(associatedData).digest('hex') };
    const body = JSON.stringify({ KeyId: this.#arn, EncryptionContext: context, ...parameters });
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` };
    const call = { url: this.#endpoint, method: 'POST', body } as const;
    const signed = signAwsRequest({ ...call, headers, region: this.#region, service: 'kms' }, this.credentials);
    return callKekService({ ...call, headers: signed, about: (_status, text) => aboutOf(text) }, answer);
  }
}

function aboutOf(answer: string): 'load' | 'data-key' | 'access' {
  const type = named.safeParse(parsed(answer)).data?.__type ?? '';
  if (busy.test(type)) return 'load';
  return anotherKey.test(type) ? 'data-key' : 'access';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
