import { createHash } from 'node:crypto';
import { DecryptCommand, EncryptCommand, KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { KekError } from './kek.error.js';
import { TIMEOUT_MS } from './remote-call.js';
import { WrongKekError } from './wrong-kek.error.js';

export type AwsCredentials = KMSClientConfig['credentials'];

const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:key\/[A-Za-z0-9-]+$/;
/** KMS manages the versions of a key itself: old ones keep decrypting, so a rotation there needs no action here. */
const VERSION = 1;
/** KMS reports some transient errors with status 400. https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html */
const TRANSIENT = /Throttling|LimitExceeded|Internal|Timeout|Unavailable/;
const FOREIGN_KEY = /^(InvalidCiphertext|IncorrectKey)Exception$/;

/** A symmetric AWS KMS key. https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export class AwsKmsKekProvider implements KekProvider {
  private readonly arn: string;
  private readonly client: KMSClient;

  /**
   * @param url `aws-kms:<key ARN>`, with `?endpoint=https://…` for a VPC endpoint
   * @param credentials Default: the SDK takes them from the environment or from a role of a web identity, container or
   *   instance, and renews them.
   */
  constructor(url: string, credentials?: AwsCredentials) {
    const [arn = '', query = ''] = url.replace(/^aws-kms:/, '').split('?');
    const region = KEY_ARN.exec(arn)?.[1];
    if (region === undefined)
      throw new KekError('KEK_URL must name a key: aws-kms:arn:aws:kms:<region>:<account>:key/<id>');
    this.arn = arn;
    this.client = kmsClient(region, query, credentials);
  }

  knows({ kekId }: KekReference): boolean {
    return kekId === this.arn;
  }

  current(): Promise<KekReference> {
    return Promise.resolve({ kekId: this.arn, kekVersion: VERSION });
  }

  async wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    const command = new EncryptCommand({ ...this.key(associatedData), Plaintext: dek });
    const { CiphertextBlob } = await mapKmsErrors(
      this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) }),
    );
    return { ...(await this.current()), wrappedDek: bytesOf(CiphertextBlob) };
  }

  async unwrap({ wrappedDek }: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const command = new DecryptCommand({ ...this.key(associatedData), CiphertextBlob: wrappedDek });
    const { Plaintext } = await mapKmsErrors(
      this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) }),
    );
    return bytesOf(Plaintext);
  }

  private key(associatedData: Buffer) {
    // CloudTrail logs the context, so it is a hash that reveals no owner.
    const context = { reunite: createHash('sha256').update(associatedData).digest('hex') };
    return { KeyId: this.arn, EncryptionContext: context };
  }
}

/** @param query of the URL: `endpoint=https://…` for a VPC endpoint */
export function kmsClient(region: string, query: string, credentials: AwsCredentials): KMSClient {
  const endpoint = new URLSearchParams(query).get('endpoint');
  if (endpoint !== null) requirePrivate(new URL(endpoint));
  // The caller retries; the SDK's own attempts would only delay its answer.
  const settings: KMSClientConfig = { region, maxAttempts: 1, ...(endpoint === null ? {} : { endpoint }) };
  return new KMSClient(credentials ? { ...settings, credentials } : settings);
}

/** Data keys are sent in clear. */
function requirePrivate({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || ['127.0.0.1', 'localhost'].includes(hostname)) return;
  throw new KekError('The endpoint of aws-kms must be https://, or on this machine.');
}

/** Error messages contain neither the request nor the response. */
export async function mapKmsErrors<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'an unknown error';
    if (FOREIGN_KEY.test(name)) throw new WrongKekError('AWS KMS does not unwrap this data key.', { cause });
    if (cause instanceof KMSServiceException && cause.$fault === 'client' && !TRANSIENT.test(name)) {
      throw new KekError(`AWS KMS rejects the call with ${name}. Check key, key policy and credentials.`, { cause });
    }
    if (name === 'CredentialsProviderError') {
      throw new KekError('There are no AWS credentials, neither in the environment nor from a role.', { cause });
    }
    throw new KekUnavailableError(`AWS KMS is unavailable: ${name}.`, { cause });
  }
}

export function bytesOf(value: Uint8Array | undefined): Buffer {
  if (!value) throw new KekError('AWS KMS gave an undocumented response.');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
