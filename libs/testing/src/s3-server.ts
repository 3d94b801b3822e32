import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Rejection, xmlDocument, xmlError, xmlValues } from './s3-documents.js';

interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modified: Date;
  readonly encryption: string | undefined;
}

interface MultipartUpload {
  readonly key: string;
  readonly startedAt: Date;
  readonly parts: Map<number, Buffer>;
}

interface S3Request {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface S3Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

const BUCKET = 'test-bucket';
const ACCESS_KEY = 'test-access-key';
const SECRET_KEY = 'test-secret-key';
const MAX_KEYS = 1_000;
/** S3 accepts a smaller part only as the last one. */
const MIN_PART_BYTES = 5 * 1024 ** 2;

/**
 * A server with the part of the S3 API that blob storage uses, in memory, with one bucket. It checks the access key, not
 * the signature. None of the S3 servers on npm runs on Node 20 and knows conditional writes: s3rver 3 does not know them,
 * s3rver 5 needs Node 24, and fauxqs needs Node 22.
 */
export class S3Server {
  /** Successful and failed requests, such as `PUT folder/name`. */
  readonly requests: string[] = [];
  /** Requests that are rejected with AccessDenied, by method and the start of the key. */
  readonly denied: { readonly method: string; readonly prefix: string }[] = [];
  /** Ignores `If-None-Match`, like servers without conditional writes. */
  ignoresConditions = false;
  /** Number of requests that are answered with 503 before the next one succeeds. */
  failures = 0;
  private readonly objects = new Map<string, StoredObject>();
  private readonly uploads = new Map<string, MultipartUpload>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<S3Server> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new S3Server(server);
    server.on('request', (request, response) => void started.handle(request, response));
    return started;
  }

  /** For the default credentials chain of the SDK. */
  readonly environment = {
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: SECRET_KEY,
    AWS_REGION: 'us-east-1',
  } as const;

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The URL of a storage in the bucket. */
  url(prefix: string, options: Readonly<Record<string, string>> = {}): string {
    const parameters = new URLSearchParams({ endpoint: this.endpoint, 'path-style': 'true', ...options });
    return `s3://${BUCKET}/${prefix}?${parameters.toString()}`;
  }

  keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  get(key: string): Buffer | undefined {
    return this.objects.get(key)?.body;
  }

  encryptionOf(key: string): string | undefined {
    return this.objects.get(key)?.encryption;
  }

  /** Replaces the content of an object without a request, like a damaged disk. */
  damage(key: string, change: (body: Buffer) => Buffer): void {
    const object = this.objects.get(key);
    if (object) this.objects.set(key, { ...object, body: change(Buffer.from(object.body)) });
  }

  clear(): void {
    this.objects.clear();
    this.uploads.clear();
    this.requests.length = 0;
    this.denied.length = 0;
  }

  /** Ids of the uploads in parts that were not completed. */
  openUploads(): string[] {
    return [...this.uploads.keys()];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let answer: S3Response;
    try {
      answer = this.answer(request, Buffer.concat(chunks));
    } catch (error) {
      if (!(error instanceof S3Rejection)) throw error;
      answer = { status: error.status, body: request.method === 'HEAD' ? '' : xmlError(error) };
    }
    const { status = 200, headers = {}, body = '' } = answer;
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private answer({ method = '', url = '/', headers }: IncomingMessage, body: Buffer): S3Response {
    const { pathname, searchParams: query } = new URL(url, 'http://s3');
    const [, bucket, key = ''] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    this.requests.push(`${method} ${key === '' ? `?${query.get('prefix') ?? ''}` : key}`);
    if (this.failures > 0) {
      this.failures -= 1;
      throw new S3Rejection(503, 'SlowDown', 'Please reduce your request rate.');
    }
    if (!headers.authorization?.includes(`Credential=${ACCESS_KEY}/`)) {
      throw new S3Rejection(403, 'InvalidAccessKeyId', 'The access key does not exist.');
    }
    if (bucket !== BUCKET) throw new S3Rejection(404, 'NoSuchBucket', 'The specified bucket does not exist');
    const isDenied = this.denied.some((rule) => rule.method === method && key.startsWith(rule.prefix));
    if (isDenied) throw new S3Rejection(403, 'AccessDenied', 'Access Denied');
    const hash = headers['x-amz-content-sha256'];
    if (hash !== 'UNSIGNED-PAYLOAD' && hash !== createHash('sha256').update(body).digest('hex')) {
      throw new S3Rejection(400, 'XAmzContentSHA256Mismatch', 'The body has another hash, or another encoding.');
    }
    const parsed = { method, key, query, headers, body };
    return key === '' ? this.answerBucket(parsed) : this.answerObject(parsed);
  }

  private answerBucket({ method, query, body }: S3Request): S3Response {
    if (method === 'GET' && query.get('list-type') === '2') return this.list(query);
    if (method === 'GET' && query.has('uploads')) return this.listUploads(query);
    if (method === 'POST' && query.has('delete')) {
      for (const key of xmlValues(body.toString(), 'Key')) this.objects.delete(key);
      return { body: xmlDocument('DeleteResult', '') };
    }
    throw new S3Rejection(501, 'NotImplemented', `${method} ?${query.toString()}`);
  }

  private answerObject(request: S3Request): S3Response {
    const { method, key, query } = request;
    const uploadId = query.get('uploadId');
    if (method === 'POST' && query.has('uploads')) return this.startUpload(key);
    if (uploadId !== null) return this.continueUpload(request, uploadId);
    switch (method) {
      case 'PUT':
        return this.put(request);
      case 'GET':
      case 'HEAD':
        return this.read(request);
      case 'DELETE':
        this.objects.delete(key);
        return { status: 204 };
      default:
        throw new S3Rejection(501, 'NotImplemented', method);
    }
  }

  private put({ key, headers, body }: S3Request): S3Response {
    if (headers['if-none-match'] === '*' && !this.ignoresConditions && this.objects.has(key)) {
      throw new S3Rejection(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    const etag = `"${md5(body)}"`;
    const encryption = headers['x-amz-server-side-encryption'];
    this.objects.set(key, { body, etag, modified: new Date(), encryption: encryption?.toString() });
    return { headers: { etag } };
  }

  private read({ key, headers }: S3Request): S3Response {
    const object = this.objects.get(key);
    if (!object) throw new S3Rejection(404, 'NoSuchKey', 'The specified key does not exist.');
    const { body, etag, modified } = object;
    const common = { etag, 'last-modified': modified.toUTCString(), 'accept-ranges': 'bytes' };
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    if (first === undefined || last === undefined) {
      return { headers: { ...common, 'content-length': body.length }, body };
    }
    if (Number(first) >= body.length) throw new S3Rejection(416, 'InvalidRange', 'The range is not satisfiable');
    const part = body.subarray(Number(first), Number(last) + 1);
    const range = `bytes ${first}-${Number(first) + part.length - 1}/${body.length}`;
    return { status: 206, headers: { ...common, 'content-range': range }, body: part };
  }

  private list(query: URLSearchParams): S3Response {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const entries = new Map<string, string>();
    for (const key of this.keys().filter((name) => name.startsWith(prefix))) {
      const end = query.get('delimiter') === '/' ? key.indexOf('/', prefix.length) : -1;
      const name = end === -1 ? key : key.slice(0, end + 1);
      if (name <= after) continue;
      const { etag = '', modified = new Date(0), body = Buffer.alloc(0) } = this.objects.get(key) ?? {};
      const fields = `<Key>${key}</Key><ETag>${etag}</ETag><Size>${body.length}</Size>`;
      const content = `<Contents>${fields}<LastModified>${modified.toISOString()}</LastModified></Contents>`;
      entries.set(name, end === -1 ? content : `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`);
    }
    const page = [...entries].slice(0, MAX_KEYS);
    const last = page.at(-1)?.[0] ?? '';
    const isTruncated = entries.size > page.length;
    const next = isTruncated ? `<NextContinuationToken>${last}</NextContinuationToken>` : '';
    const content = page.map(([, entry]) => entry).join('');
    return { body: xmlDocument('ListBucketResult', `<IsTruncated>${isTruncated}</IsTruncated>${next}${content}`) };
  }

  private listUploads(query: URLSearchParams): S3Response {
    const uploads = [...this.uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''));
    const entries = uploads.map(
      ([id, { key, startedAt }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${startedAt.toISOString()}</Initiated></Upload>`,
    );
    return { body: xmlDocument('ListMultipartUploadsResult', entries.join('')) };
  }

  private startUpload(key: string): S3Response {
    const id = randomUUID();
    this.uploads.set(id, { key, startedAt: new Date(), parts: new Map() });
    return { body: xmlDocument('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`) };
  }

  private continueUpload({ method, key, query, headers, body }: S3Request, uploadId: string): S3Response {
    const upload = this.uploads.get(uploadId);
    if (!upload) throw new S3Rejection(404, 'NoSuchUpload', 'The specified upload does not exist.');
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body);
      return { headers: { etag: `"${md5(body)}"` } };
    }
    this.uploads.delete(uploadId);
    if (method === 'DELETE') return { status: 204 };
    const parts = xmlValues(body.toString(), 'PartNumber').map((number) => upload.parts.get(Number(number)));
    const content = parts.map((part) => part ?? Buffer.alloc(0));
    if (content.slice(0, -1).some(({ length }) => length < MIN_PART_BYTES)) {
      throw new S3Rejection(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    }
    this.put({ method: 'PUT', key, query, headers, body: Buffer.concat(content) });
    return { body: xmlDocument('CompleteMultipartUploadResult', `<Key>${key}</Key>`) };
  }
}

function md5(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
