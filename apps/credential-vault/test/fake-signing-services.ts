import {
  constants,
  createDecipheriv,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  privateEncrypt,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AWS_CREDENTIALS, startService, TRANSIT_TOKEN } from './fake-key-services.js';
import type { FakeKeyService } from './fake-key-services.js';

/** A key service with imported RSA keys, by name. */
export interface FakeSigningService extends FakeKeyService {
  readonly keys: Map<string, KeyObject>;
  /** Rejects the import of keys whose names (Transit) or descriptions (KMS) begin with it. */
  rejectedName?: string;
  /** Keys without a private key, and keys that are discarded. */
  readonly unused: Set<string>;
  readonly discarded: Set<string>;
}

type Body = Record<string, unknown>;

/** DER prefix of a SHA-256 digest, https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs a digest as RSASSA-PKCS1-v1_5 does. */
function signDigest(key: KeyObject, digest: Buffer): Buffer {
  if (digest.length !== 32) throw new Error('not a SHA-256 digest');
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([SHA256_INFO, digest]));
}

/** @param bytes of the RSA-OAEP part */
function unwrap(wrapped: Buffer, wrappingKey: KeyObject, bytes: number): KeyObject {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const aesKey = privateDecrypt({ key: wrappingKey, padding, oaepHash: 'sha256' }, wrapped.subarray(0, bytes));
  const decipher = createDecipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('a65959a6', 'hex'));
  const key = Buffer.concat([decipher.update(wrapped.subarray(bytes)), decipher.final()]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const bytesOf = (value: unknown) => Buffer.from(textOf(value), 'base64');

/** The transit engine's import and signing, as its API documentation describes them. */
export async function startFakeTransitSigning(): Promise<FakeSigningService> {
  const keys = new Map<string, KeyObject>();
  const deletable = new Set<string>();
  const discarded = new Set<string>();
  const wrapping = generateKeyPairSync('rsa', { modulusLength: 4096 });
  const service: FakeKeyService & { rejectedName?: string } = await startService((request, text) => {
    if (request.headers['x-vault-token'] !== TRANSIT_TOKEN) return [403, { errors: ['permission denied'] }];
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    const path = request.url ?? '';
    if (path === '/v1/transit/wrapping_key') {
      return [200, { data: { public_key: wrapping.publicKey.export({ type: 'spki', format: 'pem' }) } }];
    }
    const [, imported] = /^\/v1\/transit\/keys\/([\w-]+)\/import$/.exec(path) ?? [];
    if (imported !== undefined) {
      const { rejectedName } = service;
      if (rejectedName !== undefined && imported.startsWith(rejectedName)) return [400, { errors: ['invalid key'] }];
      if (keys.has(imported)) return [400, { errors: ['the import path cannot be used with an existing key'] }];
      if (body['type'] !== 'rsa-2048' || body['exportable'] !== false || body['hash_function'] !== 'SHA256') {
        return [400, { errors: ['unsupported key'] }];
      }
      keys.set(imported, unwrap(bytesOf(body['ciphertext']), wrapping.privateKey, 512));
      return [204, {}];
    }
    const [, named = '', config] = /^\/v1\/transit\/keys\/([\w-]+)(\/config)?$/.exec(path) ?? [];
    if (named !== '' && !keys.has(named))
      return [400, { errors: ['no existing key named ' + named + ' could be found'] }];
    if (config !== undefined && body['deletion_allowed'] === true) {
      deletable.add(named);
      return [200, { data: { name: named } }];
    }
    if (request.method === 'DELETE') {
      if (!deletable.has(named)) return [400, { errors: ['deletion is not allowed for this key'] }];
      keys.delete(named);
      discarded.add(named);
      return [204, {}];
    }
    const [, name = ''] = /^\/v1\/transit\/sign\/([\w-]+)\/sha2-256$/.exec(path) ?? [];
    const key = keys.get(name);
    if (!key) return [400, { errors: ['signing key not found'] }];
    if (body['prehashed'] !== true || body['signature_algorithm'] !== 'pkcs1v15')
      return [400, { errors: ['unsupported'] }];
    return [200, { data: { signature: `vault:v1:${signDigest(key, bytesOf(body['input'])).toString('base64')}` } }];
  });
  return Object.assign(service, { keys, discarded, unused: new Set<string>() });
}

/** KMS's import and Sign as its API reference describes them. Checks the access key id of a request, not the signature. */
export async function startFakeKmsSigning(): Promise<FakeSigningService> {
  const keys = new Map<string, KeyObject>();
  const wrapping = generateKeyPairSync('rsa', { modulusLength: 4096 });
  const created = new Map<string, string>();
  const unused = new Set<string>();
  const discarded = new Set<string>();
  const answers: Record<string, (body: Body, id: string) => readonly [number, object]> = {
    CreateKey: (body) => {
      const arn = `arn:aws:kms:eu-central-1:111122223333:key/${created.size + 1}`;
      if (body['Origin'] !== 'EXTERNAL' || body['KeyUsage'] !== 'SIGN_VERIFY')
        return [400, { __type: 'ValidationException' }];
      created.set(arn, textOf(body['Description']));
      unused.add(arn);
      return [200, { KeyMetadata: { Arn: arn, KeyId: arn } }];
    },
    GetParametersForImport: (_body, id) => {
      const publicKey = wrapping.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      return [200, { KeyId: id, PublicKey: publicKey, ImportToken: Buffer.from(id).toString('base64') }];
    },
    ImportKeyMaterial: (body, id) => {
      if (bytesOf(body['ImportToken']).toString() !== id) return [400, { __type: 'InvalidImportTokenException' }];
      const { rejectedName } = service;
      if (rejectedName !== undefined && created.get(id)?.startsWith(rejectedName) === true) {
        return [400, { __type: 'IncorrectKeyMaterialException' }];
      }
      keys.set(id, unwrap(bytesOf(body['EncryptedKeyMaterial']), wrapping.privateKey, 512));
      unused.delete(id);
      return [200, {}];
    },
    ScheduleKeyDeletion: (body, id) => {
      if (body['PendingWindowInDays'] !== 7) return [400, { __type: 'ValidationException' }];
      keys.delete(id);
      unused.delete(id);
      discarded.add(id);
      return [200, { KeyId: id, KeyState: 'PendingDeletion' }];
    },
    Sign: (body, id) => {
      const key = keys.get(id);
      if (!key) return [400, { __type: 'KMSInvalidStateException' }];
      if (body['MessageType'] !== 'DIGEST' || body['SigningAlgorithm'] !== 'RSASSA_PKCS1_V1_5_SHA_256') {
        return [400, { __type: 'ValidationException' }];
      }
      return [200, { KeyId: id, Signature: signDigest(key, bytesOf(body['Message'])).toString('base64') }];
    },
  };
  const service: FakeKeyService & { rejectedName?: string } = await startService((request, text) => {
    const { authorization = '', 'x-amz-target': target = '' } = request.headers;
    if (!authorization.includes(`Credential=${AWS_CREDENTIALS.accessKeyId}/`)) {
      return [400, { __type: 'UnrecognizedClientException' }];
    }
    const body = JSON.parse(text) as Body;
    const id = textOf(body['KeyId']);
    const operation = textOf(target).replace('TrentService.', '');
    if (operation !== 'CreateKey' && !created.has(id)) return [400, { __type: 'NotFoundException' }];
    return answers[operation]?.(body, id) ?? [400, { __type: 'UnknownOperationException' }];
  });
  return Object.assign(service, { keys, unused, discarded });
}
