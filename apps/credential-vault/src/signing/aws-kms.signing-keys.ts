import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  CreateKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import type { KeySpec, KMSClient } from '@aws-sdk/client-kms';
import { bytesOf, kmsClient, mapKmsErrors } from '../kek/aws-kms.kek-provider.js';
import type { AwsCredentials } from '../kek/aws-kms.kek-provider.js';
import { KekError } from '../kek/kek.error.js';
import { TIMEOUT_MS } from '../kek/remote-call.js';
import { requireImportable, wrapForImport } from './key-wrap.rules.js';
import type { SigningKeys } from './signing-keys.js';

/** Days until a discarded key is deleted; the minimum of KMS. */
const DELETION_DAYS = 7;

/**
 * Asymmetric AWS KMS keys with imported material.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html
 */
export class AwsKmsSigningKeys implements SigningKeys {
  readonly id: string;
  private readonly client: KMSClient;

  /** @param url `aws-kms:<region>`, with `?endpoint=https://…` for a VPC endpoint */
  constructor(url: string, credentials?: AwsCredentials) {
    const [, region = '', query = ''] = /^aws-kms:([a-z0-9-]+)(?:\?(.*))?$/.exec(url) ?? [];
    if (region === '') throw new KekError('SIGNING_KEYS_URL must name a region: aws-kms:<region>');
    this.id = `aws-kms:${region}`;
    this.client = kmsClient(region, query, credentials);
  }

  async create(name: string, privateKey: KeyObject): Promise<string> {
    requireImportable(privateKey);
    const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 2048;
    const { KeyMetadata } = await mapKmsErrors(
      this.client.send(
        new CreateKeyCommand({
          ...{ Origin: 'EXTERNAL', KeyUsage: 'SIGN_VERIFY', KeySpec: `RSA_${bits}` as KeySpec, Description: name },
          Tags: [{ TagKey: 'reunite', TagValue: name }],
        }),
        timeout(),
      ),
    );
    const arn = KeyMetadata?.Arn;
    if (arn === undefined) throw new KekError('AWS KMS gave an undocumented response.');
    return arn;
  }

  async import(KeyId: string, privateKey: KeyObject): Promise<void> {
    const WrappingAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256';
    const { PublicKey, ImportToken } = await mapKmsErrors(
      this.client.send(
        new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_4096' }),
        timeout(),
      ),
    );
    const wrappingKey = createPublicKey({ key: bytesOf(PublicKey), format: 'der', type: 'spki' });
    const EncryptedKeyMaterial = wrapForImport(privateKey, wrappingKey);
    const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
    await mapKmsErrors(
      this.client.send(
        new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel }),
        timeout(),
      ),
    );
  }

  async discard(KeyId: string): Promise<void> {
    const command = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: DELETION_DAYS });
    await mapKmsErrors(this.client.send(command, timeout()));
  }

  async sign(key: string, digest: Buffer): Promise<Buffer> {
    const command = new SignCommand({
      ...{ KeyId: key, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
    });
    return bytesOf((await mapKmsErrors(this.client.send(command, timeout()))).Signature);
  }
}

function timeout() {
  return { abortSignal: AbortSignal.timeout(TIMEOUT_MS) };
}
