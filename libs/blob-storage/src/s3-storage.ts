import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, S3 } from '@aws-sdk/client-s3';
import type { BlobStorage, StoredBlob } from './blob-storage.js';
import { isMissing, PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE, statusOf, storageError } from './s3-errors.js';
import { observed } from './s3-metrics.js';
import type { S3Operation } from './s3-errors.js';
import type { S3Location } from './s3-location.js';
import { StorageAccessError } from './storage-access.error.js';
import { StorageUnavailableError } from './storage-unavailable.error.js';

/** Larger content is uploaded in parts of this size, of which two are in memory. S3 allows 10,000 parts. */
const PART_BYTES = 16 * 1024 ** 2;
const CONCURRENT_PARTS = 2;
/** Limit of S3 for one request. */
const MAX_REMOVED_AT_ONCE = 1_000;
const CONNECTION_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Of a request, including the first. The SDK waits between them. */
const MAX_ATTEMPTS = 4;
/** Answered while another conditional write of the same object runs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const CONFLICT = 409;
const CONDITION_CHECK = '.conditional-write-check';

/**
 * A bucket of Amazon S3, or of a server with the same API. Relies on strong consistency of reads and lists, which S3 has
 * since 2020, and on conditional writes (`If-None-Match: *`), which S3 has since 2024. A server that ignores the condition
 * is detected before the first conditional write.
 */
export class S3Storage implements BlobStorage {
  private opened: Promise<S3> | null = null;
  private conditionsChecked: Promise<void> | null = null;

  constructor(private readonly location: S3Location) {}

  async list(folder: string): Promise<StoredBlob[]> {
    const prefix = this.key(`${folder}/`);
    const blobs: StoredBlob[] = [];
    for await (const { Contents: contents = [] } of this.pages(prefix)) {
      for (const { Key: key = '', ETag: etag = '', LastModified: modified, Size: bytes = 0 } of contents) {
        blobs.push(blobOf(key.slice(prefix.length), { etag, modified, bytes }));
      }
    }
    return blobs;
  }

  async folders(folder = ''): Promise<string[]> {
    const prefix = this.key(folder === '' ? '' : `${folder}/`);
    const names: string[] = [];
    for await (const { CommonPrefixes: prefixes = [] } of this.pages(prefix)) {
      for (const { Prefix: path = '' } of prefixes) names.push(path.slice(prefix.length, -1));
    }
    return names;
  }

  async head(path: string): Promise<StoredBlob | null> {
    const result = await this.run('HeadObject', (s3) => s3.headObject(this.object(path)));
    if (!result) return null;
    const { ETag: etag = '', LastModified: modified, ContentLength: bytes = 0 } = result;
    return blobOf(path.slice(path.lastIndexOf('/') + 1), { etag, modified, bytes });
  }

  async read(path: string): Promise<Buffer | null> {
    return this.bytes(path);
  }

  async readRange(path: string, offset: number, length: number): Promise<Buffer | null> {
    if (length === 0) return (await this.head(path)) && Buffer.alloc(0);
    return this.bytes(path, rangeOf(offset, length));
  }

  async stream(path: string, offset: number, length: number): Promise<Readable | null> {
    if (length === 0) return (await this.head(path)) && Readable.from([]);
    const stream = ({ Body: body }: GetObjectCommandOutput) => Promise.resolve(body as Readable);
    const result = await this.get(path, rangeOf(offset, length), stream);
    return result === 'empty' ? Readable.from([]) : result;
  }

  async write(path: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> {
    const whole = Buffer.isBuffer(content);
    await (whole ? this.put(path, content) : this.upload(path, Readable.from(content, { objectMode: false })));
  }

  async create(path: string, content: Buffer): Promise<boolean> {
    // The promise of a failed check is not kept: the next call checks again.
    this.conditionsChecked ??= this.checkConditions().catch((error: unknown) => {
      this.conditionsChecked = null;
      throw error;
    });
    await this.conditionsChecked;
    return this.putIfAbsent(path, content);
  }

  async writeFile(path: string, file: string): Promise<void> {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await handle.stat();
      const isSmall = size <= PART_BYTES;
      await (isSmall ? this.put(path, await handle.readFile()) : this.upload(path, handle.createReadStream()));
    } finally {
      await handle.close();
    }
  }

  temporaryFile(): Promise<string> {
    return Promise.resolve(join(tmpdir(), `reunite-${randomUUID()}`));
  }

  async remove(path: string): Promise<void> {
    await this.run('DeleteObject', (s3) => s3.deleteObject(this.object(path)));
  }

  async removeFolder(folder: string): Promise<void> {
    for await (const { Contents: contents = [] } of this.pages(this.key(`${folder}/`), null)) {
      const keys = contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
      for (let at = 0; at < keys.length; at += MAX_REMOVED_AT_ONCE) {
        const Delete = { Objects: keys.slice(at, at + MAX_REMOVED_AT_ONCE), Quiet: true };
        const input = { Bucket: this.location.bucket, Delete };
        const result = await this.run('DeleteObjects', (s3) => s3.deleteObjects(input));
        const failed = result?.Errors?.[0];
        if (failed) throw this.removalError(failed.Code ?? 'Error', failed.Message ?? '');
      }
    }
  }

  /** Aborts uploads in parts that were not completed: their parts are stored, but no list shows them. */
  async removeLeftovers(before: Date): Promise<void> {
    const { bucket, prefix } = this.location;
    const listed = await this.run('ListMultipartUploads', (s3) =>
      s3.listMultipartUploads({ Bucket: bucket, Prefix: prefix }),
    );
    for (const { Key, UploadId, Initiated } of listed?.Uploads ?? []) {
      if (Key === undefined || UploadId === undefined || !Initiated || Initiated >= before) continue;
      const upload = { Bucket: bucket, Key, UploadId };
      await this.run('AbortMultipartUpload', (s3) => s3.abortMultipartUpload(upload));
    }
  }

  async close(): Promise<void> {
    (await this.opened)?.destroy();
  }

  /** @throws StorageAccessError if the server writes although the object exists */
  private async checkConditions(): Promise<void> {
    const content = Buffer.from('The content store relies on conditional writes of this object. It can be deleted.\n');
    // The second write must fail if the first one succeeded.
    const ignored =
      (await this.putIfAbsent(CONDITION_CHECK, content)) && (await this.putIfAbsent(CONDITION_CHECK, content));
    if (ignored) {
      const { bucket } = this.location;
      throw new StorageAccessError(
        `The server of the bucket ${bucket} ignores "If-None-Match: *". The content store needs a server with conditional writes.`,
      );
    }
  }

  private async putIfAbsent(path: string, content: Buffer): Promise<boolean> {
    const input = { ...this.newObject(path), Body: content, IfNoneMatch: '*' };
    for (let attempt = 1; ; attempt++) {
      try {
        await this.observe('PutObject', (s3) => s3.putObject(input));
        return true;
      } catch (error) {
        if (statusOf(error) === PRECONDITION_FAILED) return false;
        if (statusOf(error) !== CONFLICT || attempt === MAX_ATTEMPTS) throw this.errorOf(error, 'PutObject');
      }
    }
  }

  private async put(path: string, content: Buffer): Promise<void> {
    await this.run('PutObject', (s3) => s3.putObject({ ...this.newObject(path), Body: content }));
  }

  private async upload(path: string, body: Readable): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = { ...this.newObject(path), Body: body };
    try {
      await this.observe('PutObject', (client) =>
        new Upload({ client, params, partSize: PART_BYTES, queueSize: CONCURRENT_PARTS }).done(),
      );
    } catch (error) {
      // An error of the source, such as a pack that is rejected, must stay what it is.
      if (body.errored) throw body.errored;
      throw this.errorOf(error, 'PutObject');
    }
  }

  private async bytes(path: string, range?: string): Promise<Buffer | null> {
    const result = await this.get(path, range, async ({ Body: body }) => {
      const bytes = await body?.transformToByteArray();
      return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
    });
    return result === 'empty' ? Buffer.alloc(0) : result;
  }

  /** @returns null if there is no such object; `empty` if it ends before the range */
  private async get<T>(
    path: string,
    range: string | undefined,
    read: (result: GetObjectCommandOutput) => Promise<T>,
  ): Promise<T | 'empty' | null> {
    const input = { ...this.object(path), ...(range !== undefined && { Range: range }) };
    try {
      return await this.observe('GetObject', async (s3) => read(await s3.getObject(input)));
    } catch (error) {
      if (isMissing(error)) return null;
      if (statusOf(error) === RANGE_NOT_SATISFIABLE) return 'empty';
      throw this.errorOf(error, 'GetObject');
    }
  }

  private async *pages(prefix: string, delimiter: '/' | null = '/'): AsyncGenerator<ListObjectsV2CommandOutput> {
    const input = { Bucket: this.location.bucket, Prefix: prefix, ...(delimiter !== null && { Delimiter: delimiter }) };
    let token: string | undefined;
    do {
      const next = token === undefined ? input : { ...input, ContinuationToken: token };
      const page = await this.run('ListObjectsV2', (s3) => s3.listObjectsV2(next));
      if (page) yield page;
      token = page?.NextContinuationToken;
    } while (token !== undefined);
  }

  /** @returns null if the object does not exist */
  private async run<T>(operation: S3Operation, work: (s3: S3) => Promise<T>): Promise<T | null> {
    try {
      return await this.observe(operation, work);
    } catch (error) {
      if (isMissing(error)) return null;
      throw this.errorOf(error, operation);
    }
  }

  private async observe<T>(operation: S3Operation, work: (s3: S3) => Promise<T>): Promise<T> {
    const s3 = await this.s3();
    return observed(operation, this.location.bucket, () => work(s3));
  }

  /** Loads the SDK on first use: processes that store in folders do not need it. */
  private s3(): Promise<S3> {
    const { region, endpoint, pathStyle } = this.location;
    return (this.opened ??= import('@aws-sdk/client-s3').then(
      ({ S3 }) =>
        new S3({
          forcePathStyle: pathStyle,
          maxAttempts: MAX_ATTEMPTS,
          requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
          // Readers verify content by its hash. Other servers than AWS may not know the checksums that the SDK adds.
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
          ...(region !== null && { region }),
          ...(endpoint !== null && { endpoint }),
        }),
    ));
  }

  private errorOf(error: unknown, operation: S3Operation): Error {
    const isOurs = error instanceof StorageAccessError || error instanceof StorageUnavailableError;
    return isOurs ? error : storageError(error, this.location, operation);
  }

  private removalError(name: string, message: string): Error {
    const status = name === 'AccessDenied' ? 403 : 500;
    return storageError({ name, message, $metadata: { httpStatusCode: status } }, this.location, 'DeleteObjects');
  }

  private newObject(path: string) {
    const { encryption } = this.location;
    if (!encryption) return this.object(path);
    const { algorithm, keyId } = encryption;
    return {
      ...this.object(path),
      ServerSideEncryption: algorithm,
      ...(keyId !== null && { SSEKMSKeyId: keyId }),
    };
  }

  private object(path: string): { Bucket: string; Key: string } {
    return { Bucket: this.location.bucket, Key: this.key(path) };
  }

  private key(path: string): string {
    return this.location.prefix + path;
  }
}

function blobOf(
  name: string,
  { etag, modified, bytes }: { etag: string; modified: Date | undefined; bytes: number },
): StoredBlob {
  // HEAD answers with whole seconds, lists of some servers with milliseconds.
  const seconds = Math.floor((modified?.getTime() ?? 0) / 1000);
  return { name, version: `${etag}-${seconds}`, bytes, modified: new Date(seconds * 1000) };
}

function rangeOf(offset: number, length: number): string {
  return `bytes=${offset}-${offset + length - 1}`;
}
