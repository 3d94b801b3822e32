import { contentSecurityPolicyFor, contentTypeOf, isVersionedAsset } from '@reunite/site-builder';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';
import { byteRangeOf } from './byte-range.rules.js';
import type { ByteRange } from './byte-range.rules.js';
import { encodingFor, isCompressible } from './content-encoding.rules.js';
import { FileContents } from './file-contents.js';
import { securityHeaders } from './security-headers.rules.js';
import type { SiteFile } from './sites.js';

/** The deployment that a request is answered from. */
export interface ServedDeployment {
  readonly deploymentId: string;
  /** True if search engines may index it. */
  readonly indexed: boolean;
  readonly authority: string;
}

/** Larger files are streamed from the storage. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Sends files of sites: conditional and range requests, compression, security headers. */
export class FileSender {
  private readonly contents = new FileContents();

  /**
   * @returns false, without having sent anything, if the storage has no such content
   * @throws DamagedFileError, and errors of the storage
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    { file, path }: SiteFile,
    deployment: ServedDeployment,
  ): Promise<boolean> {
    const contentType = contentTypeOf(path);
    const isOk = reply.statusCode === 200;
    const compressible = isCompressible(contentType, file.bytes);
    const range = isOk ? rangeOf(request, file.bytes, etagOf(file.etag, null)) : null;
    // Ranges are parts of the content as it is.
    const encoding = compressible && range === null ? encodingFor(request.headers['accept-encoding']) : null;
    const etag = etagOf(file.etag, encoding);
    const policy = contentSecurityPolicyFor(contentType, deployment.authority, path);
    reply.headers({
      ...securityHeaders(policy, deployment.indexed),
      etag,
      // A production host serves one deployment after the other, and a preview may be removed.
      'cache-control': isOk && isVersionedAsset(path) ? 'private, max-age=31536000, immutable' : 'no-cache',
      ...(compressible && { vary: 'accept-encoding' }),
    });
    if (isOk && fresh(request.headers, { etag })) return sent(reply.code(304).send());
    if (isOk) reply.header('accept-ranges', 'bytes');
    if (range === 'unsatisfiable') {
      return sent(reply.code(416).header('content-range', `bytes */${file.bytes}`).send());
    }
    reply.header('content-type', contentType);
    if (encoding !== null || (range === null && file.bytes <= MAX_BUFFERED_BYTES)) {
      const content = await this.contents.get(file, encoding);
      if (content === null) return false;
      if (encoding !== null) reply.header('content-encoding', encoding);
      reply.header('content-length', content.length);
      return sent(request.method === 'HEAD' ? reply.send() : reply.send(content));
    }
    return sendStream(request, reply, file, range);
  }
}

async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SiteFile['file'],
  range: Exclude<ByteRange, 'unsatisfiable'> | null,
): Promise<boolean> {
  const { bytes } = file;
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  const length = end - start + 1;
  const content = request.method === 'HEAD' ? null : await file.stream(start, length);
  if (content === null && request.method !== 'HEAD') return false;
  reply.header('content-length', length);
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  return sent(content === null ? reply.send() : reply.send(content));
}

/** A reply must not be returned by an async function: it is a promise itself, of nothing. */
function sent(_reply: FastifyReply): true {
  return true;
}

/** Each encoding has an ETag of its own (RFC 9110 8.8.3). */
function etagOf(etag: string, encoding: string | null): string {
  return encoding === null ? `"${etag}"` : `"${etag}-${encoding}"`;
}

/** Ignores the range if `If-Range` names another version: the client has a part of an older file. */
function rangeOf({ method, headers }: FastifyRequest, bytes: number, etag: string): ByteRange | null {
  if (method !== 'GET' || (headers['if-range'] ?? etag) !== etag) return null;
  return byteRangeOf(headers.range, bytes);
}
