import { createHash } from 'node:crypto';
import { DecryptCommand, EncryptCommand, KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { KekError } from './kek.error.js';
import { TIMEOUT_MS } from './remote-call.js';
import { WrongKekError } from './wrong-kek.error.js';

export type AwsCredentials = KMSClientConfig['credentials'];

const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key\/[A-Za-z0-9-]+$/;
/** KMS keeps the versions of a key itself: old ones go on decrypting, and a rotation there needs nothing here. */
const VERSION = 1;
/** Some of both come with status 400. https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html */
const busy = /Throttling|LimitExceeded|Internal|Timeout|Unavailable/;
const anotherKey = /^(InvalidCiphertext|IncorrectKey)Exception$/;

/** A symmetric AWS KMS key. https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export class AwsKmsKekProvider implements KekProvider {
  private readonly arn: string;
  private readonly client: KMSClient;

  /**
   * @param url `aws-kms:<key ARN>`, with `?endpoint=https://…` for a VPC endpoint
   * @param credentials undefined: the SDK finds them in the environment, or as a role of web identity, container or
   *   instance, and renews them
   */
  constructor(url: string, credentials?: AwsCredentials) {
    const [arn = '', query = ''] = url.replace(/^aws-kms:/, '').split('?');
    const region = keyArn.exec(arn)?.[1];
    if (region === undefined)
      throw new KekError('KEK_URL must name a key: aws-kms:arn:aws:kms:<region>:<account>:key/<id>');
    this.arn = arn;
    const endpoint = new URLSearchParams(query).get('endpoint');
    if (endpoint !== null) requirePrivate(new URL(endpoint));
    // Whoever asks tries again; the SDK's own attempts would only keep the caller waiting.
    const settings: KMSClientConfig = { region, maxAttempts: 1, ...(endpoint === null ? {} : { endpoint }) };
    this.client = new KMSClient(credentials ? { ...settings, credentials } : settings);
  }

  knows({ kekId }: KekReference): boolean {
    return kekId === this.arn;
  }

  current(): Promise<KekReference> {
    return Promise.resolve({ kekId: this.arn, kekVersion: VERSION });
  }

  async wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    const command = new EncryptCommand({ ...this.key(associatedData), Plaintext: dek });
    const { CiphertextBlob } = await told(this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) }));
    return { ...(await this.current()), wrappedDek: bytes(CiphertextBlob) };
  }

  async unwrap({ wrappedDek }: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const command = new DecryptCommand({ ...this.key(associatedData), CiphertextBlob: wrappedDek });
    const { Plaintext } = await told(this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) }));
    return bytes(Plaintext);
  }

  private key(associatedData: Buffer) {
    // The context is logged by CloudTrail, so it is a hash and names nobody.
    const context = { reunite: createHash('sha256').update(associatedData).digest('hex') };
    return { KeyId: this.arn, EncryptionContext: context };
  }
}

/** Data keys go over it in clear. */
function requirePrivate({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || ['127.0.0.1', 'localhost'].includes(hostname)) return;
  throw new KekError('The endpoint of aws-kms must be https://, or on this machine.');
}

/** Messages name the error, never what was sent or answered. */
async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'an unknown error';
    if (anotherKey.test(name)) throw new WrongKekError('AWS KMS does not unwrap this data key.', { cause });
    if (cause instanceof KMSServiceException && cause.$fault === 'client' && !busy.test(name)) {
      throw new KekError(`AWS KMS refuses with ${name}. Check key, key policy and credentials.`, { cause });
    }
    if (name === 'CredentialsProviderError') {
      throw new KekError('There are no AWS credentials: neither in the environment nor by a role.', { cause });
    }
    throw new KekUnavailableError(`AWS KMS cannot be used now: ${name}.`, { cause });
  }
}

function bytes(value: Uint8Array | undefined): Buffer {
  if (!value) throw new KekError('AWS KMS answers what is not in its documentation.');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
