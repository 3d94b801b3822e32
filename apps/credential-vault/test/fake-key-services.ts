import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { open, pack, seal, unpack } from '../src/crypto/aes-gcm.js';

type Body = Record<string, string>;
type Answer = readonly [status: number, body: object];

/** A key service whose failures a test can set. */
export interface FakeKeyService {
  readonly origin: string;
  /** Status or status and body of every response while it is set. */
  failing: number | Answer | null;
  /** Delay of every response in ms. */
  delayMs: number;
  calls: number;
  close(): Promise<void>;
}

export interface FakeTransit extends FakeKeyService {
  rotate(): void;
}

export const TRANSIT_TOKEN = 'hvs.token-of-the-test';

/** The transit engine as its API documentation describes it, with one AEAD key named `reunite`. */
export async function startFakeTransit(): Promise<FakeTransit> {
  const keys: (Buffer | undefined)[] = [randomBytes(32)];
  const least = { decryption: 1, encryption: 0 };
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64');
  const rejected = (error: string): Answer => [400, { errors: [error] }];
  const routes: Record<string, (body: Body) => Answer> = {
    'GET /v1/transit/keys/reunite': () => [200, { data: { name: 'reunite', latest_version: keys.length } }],
    'POST /v1/transit/keys/reunite/config': (body) => {
      least.decryption = Number(body['min_decryption_version']);
      least.encryption = Number(body['min_encryption_version']);
      return [200, { data: { name: 'reunite', latest_version: keys.length } }];
    },
    'POST /v1/transit/keys/reunite/trim': (body) => {
      const available = Number(body['min_available_version']);
      if (Math.min(least.decryption, least.encryption) < available)
        return rejected('minimum available version is too high');
      keys.fill(undefined, 0, available - 1);
      return [204, {}];
    },
    'POST /v1/transit/encrypt/reunite': (body) => {
      const newest = keys.at(-1) ?? Buffer.alloc(0);
      const box = pack(seal(newest, bytes(body['plaintext']), bytes(body['associated_data'])));
      return [200, { data: { ciphertext: `vault:v${keys.length}:${box.toString('base64')}` } }];
    },
    'POST /v1/transit/decrypt/reunite': (body) => {
      const [, version, text] = /^vault:v([0-9]+):(.*)$/.exec(body['ciphertext'] ?? '') ?? [];
      const key = keys[Number(version) - 1];
      if (Number(version) < least.decryption)
        return rejected('ciphertext or signature version is disallowed by policy (too old)');
      if (!key) return rejected('invalid ciphertext: no prefix');
      try {
        const plaintext = open(key, unpack(bytes(text)), bytes(body['associated_data']));
        return [200, { data: { plaintext: plaintext.toString('base64') } }];
      } catch {
        return rejected('cipher: message authentication failed');
      }
    },
  };
  const service = await startService((request, text) => {
    if (request.headers['x-vault-token'] !== TRANSIT_TOKEN) return [403, { errors: ['permission denied'] }];
    const route = routes[`${request.method ?? ''} ${request.url ?? ''}`];
    return route ? route(text === '' ? {} : (JSON.parse(text) as Body)) : [404, { errors: [] }];
  });
  return Object.assign(service, { rotate: () => void keys.push(randomBytes(32)) });
}

export const KMS_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const AWS_CREDENTIALS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'the secret access key of the test' };

const credential = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/[0-9]{8}\/eu-central-1\/kms\/aws4_request, SignedHeaders=/;

/** KMS's Encrypt and Decrypt as its API reference describes them. Checks the access key id of a request, not the signature. */
export async function startFakeKms(): Promise<FakeKeyService> {
  const key = randomBytes(32);
  return startService((request, text) => {
    const { authorization = '', 'x-amz-target': target } = request.headers;
    if (credential.exec(authorization)?.[1] !== AWS_CREDENTIALS.accessKeyId) {
      return [400, { __type: 'UnrecognizedClientException' }];
    }
    const body = JSON.parse(text) as Body & { EncryptionContext: object };
    if (body['KeyId'] !== KMS_ARN) return [400, { __type: 'NotFoundException' }];
    const context = createHash('sha256').update(JSON.stringify(body.EncryptionContext)).digest();
    if (target === 'TrentService.Encrypt') {
      const box = pack(seal(key, Buffer.from(body['Plaintext'] ?? '', 'base64'), context));
      return [
        200,
        { CiphertextBlob: box.toString('base64'), KeyId: KMS_ARN, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
      ];
    }
    try {
      const plaintext = open(key, unpack(Buffer.from(body['CiphertextBlob'] ?? '', 'base64')), context);
      return [200, { Plaintext: plaintext.toString('base64'), KeyId: KMS_ARN }];
    } catch {
      return [400, { __type: 'InvalidCiphertextException' }];
    }
  });
}

export async function startService(
  answer: (request: IncomingMessage, text: string) => Answer,
): Promise<FakeKeyService> {
  const server = createServer((request, response) => {
    void readText(request).then(async (text) => {
      service.calls += 1;
      if (service.delayMs > 0) await wait(service.delayMs, undefined, { ref: false });
      const { failing } = service;
      const [status, body] = typeof failing === 'number' ? [failing, {}] : (failing ?? answer(request, text));
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(status === 204 ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: FakeKeyService = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failing: null,
    delayMs: 0,
    calls: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
