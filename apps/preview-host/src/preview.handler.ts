import { join } from 'node:path';
import type { Logger } from '@reunite/platform';
import { contentSecurityPolicyFor, contentTypeOf } from '@reunite/site-builder';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { byteRangeOf } from './byte-range.rules.js';
import type { ByteRange } from './byte-range.rules.js';
import { noticeHtml, notices, pageNotFound } from './notice-page.rules.js';
import type { NoticePage } from './notice-page.rules.js';
import type { PreviewHost } from './preview-label.rules.js';
import type { Preview, Previews } from './previews.js';
import { noticePolicy, securityHeaders } from './security-headers.rules.js';
import { lookUp } from './site-folder.js';
import type { SiteFile } from './site-folder.js';

/** Answers requests at the addresses of previews from the folders of built deployments. */
export class PreviewHandler {
  constructor(
    private readonly previews: Previews,
    private readonly artifactsFolder: string,
    private readonly logger: Logger,
  ) {}

  async handle(request: FastifyRequest, reply: FastifyReply, host: PreviewHost): Promise<FastifyReply> {
    const indexed = host.kind === 'project';
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.headers(securityHeaders(noticePolicy, indexed));
      return reply.code(405).header('allow', 'GET, HEAD').send();
    }
    if (!('id' in host)) return sendNotice(reply, notices.unknown);
    const preview = await this.previewOf(host);
    if (preview.kind !== 'ready') return sendNotice(reply, notices[preview.kind]);
    const { authority } = host;
    return this.sendPath(request, reply, { deploymentId: preview.deploymentId, indexed, authority });
  }

  private async previewOf(host: PreviewHost): Promise<Preview | { readonly kind: 'unavailable' }> {
    try {
      return await this.previews.of(host);
    } catch (error) {
      this.logger.error({ err: error }, 'a preview could not be looked up');
      return { kind: 'unavailable' };
    }
  }

  private async sendPath(request: FastifyRequest, reply: FastifyReply, shown: Shown) {
    const [path = '/', query] = request.url.split('?', 2);
    const folder = join(this.artifactsFolder, shown.deploymentId);
    const place = await lookUp(folder, path);
    if (place.kind === 'folder') {
      reply.headers(securityHeaders(noticePolicy, shown.indexed));
      return reply
        .code(302)
        .header('location', `${path}/${query === undefined ? '' : `?${query}`}`)
        .send();
    }
    if (place.kind === 'file') return sendFile(request, reply, place, shown);
    const missing = await lookUp(folder, '/404.html');
    if (missing.kind !== 'file') return sendNotice(reply, pageNotFound);
    return sendFile(request, reply.code(404), missing, shown);
  }
}

interface Shown {
  readonly deploymentId: string;
  readonly indexed: boolean;
  readonly authority: string;
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SiteFile, shown: Shown) {
  const { handle, bytes, path } = file;
  const contentType = contentTypeOf(path);
  // A deployment's files never change, so its id and the path's file say all.
  const etag = `"${shown.deploymentId}-${bytes.toString(36)}"`;
  const policy = contentSecurityPolicyFor(contentType, shown.authority);
  reply.headers({ ...securityHeaders(policy, shown.indexed), etag, 'cache-control': 'no-cache' });
  const found = reply.statusCode === 200;
  if (found && request.headers['if-none-match'] === etag) return sendNothing(reply.code(304), file);
  if (found) reply.header('accept-ranges', 'bytes');
  const range = found ? rangeOf(request, bytes, etag) : null;
  if (range === 'unsatisfiable') {
    return sendNothing(reply.code(416).header('content-range', `bytes */${bytes}`), file);
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  reply.headers({ 'content-type': contentType, 'content-length': end - start + 1 });
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  // Exactly the length that was promised; the stream closes the file.
  if (request.method === 'GET' && bytes > 0) return reply.send(handle.createReadStream({ start, end }));
  return sendNothing(reply, file);
}

/** Of another version than the one that a reader has a part of, it gets all. */
function rangeOf({ method, headers }: FastifyRequest, bytes: number, etag: string): ByteRange | null {
  if (method !== 'GET' || (headers['if-range'] ?? etag) !== etag) return null;
  return byteRangeOf(headers.range, bytes);
}

async function sendNothing(reply: FastifyReply, { handle }: SiteFile): Promise<FastifyReply> {
  await handle.close();
  return reply.send();
}

function sendNotice(reply: FastifyReply, notice: NoticePage): FastifyReply {
  const contentType = 'text/html; charset=utf-8';
  reply.headers({ ...securityHeaders(noticePolicy, false), 'cache-control': 'no-store' });
  if (notice.refreshSeconds !== undefined) reply.header('retry-after', String(notice.refreshSeconds));
  return reply.code(notice.status).type(contentType).send(noticeHtml(notice));
}
