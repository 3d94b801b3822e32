import type { Logger } from '@reunite/platform';
import { contentSecurityPolicyFor, contentTypeOf } from '@reunite/site-builder';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fresh from 'fresh';
import { byteRangeOf } from './byte-range.rules.js';
import type { ByteRange } from './byte-range.rules.js';
import { noticeHtml, NOTICES, PAGE_NOT_FOUND } from './notice-page.rules.js';
import type { NoticePage } from './notice-page.rules.js';
import type { PreviewHost } from './preview-label.rules.js';
import type { Preview, Previews } from './previews.js';
import { NOTICE_POLICY, securityHeaders } from './security-headers.rules.js';
import { SiteFolders } from './site-folder.js';
import type { SiteFile } from './site-folder.js';

/** The deployment that a request is answered from. */
interface ServedDeployment {
  readonly deploymentId: string;
  /** True if search engines may index it. */
  readonly indexed: boolean;
  readonly authority: string;
}

/** Serves previews from the folders of built deployments. */
export class PreviewHandler {
  private readonly sites: SiteFolders;

  constructor(
    private readonly previews: Previews,
    artifactsFolder: string,
    private readonly logger: Logger,
  ) {
    this.sites = new SiteFolders(artifactsFolder);
  }

  async handle(request: FastifyRequest, reply: FastifyReply, host: PreviewHost): Promise<FastifyReply> {
    const indexed = host.kind === 'project';
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.headers(securityHeaders(NOTICE_POLICY, indexed));
      return reply.code(405).header('allow', 'GET, HEAD').send();
    }
    if (!('id' in host)) return sendNotice(reply, NOTICES.unknown);
    const preview = await this.findPreview(host);
    if (preview.kind !== 'ready') return sendNotice(reply, NOTICES[preview.kind]);
    const { authority } = host;
    return this.sendPath(request, reply, { deploymentId: preview.deploymentId, indexed, authority });
  }

  private async findPreview(host: PreviewHost): Promise<Preview | { readonly kind: 'unavailable' }> {
    try {
      return await this.previews.find(host);
    } catch (error) {
      this.logger.error({ err: error, host }, 'preview lookup failed');
      return { kind: 'unavailable' };
    }
  }

  private async sendPath(request: FastifyRequest, reply: FastifyReply, deployment: ServedDeployment) {
    const [path = '/', query] = request.url.split('?', 2);
    const entry = await this.sites.open(deployment.deploymentId, path);
    if (entry.kind === 'folder') {
      reply.headers(securityHeaders(NOTICE_POLICY, deployment.indexed));
      return reply
        .code(302)
        .header('location', `${path}/${query === undefined ? '' : `?${query}`}`)
        .send();
    }
    if (entry.kind === 'file') return sendFile(request, reply, entry, deployment);
    const notFoundPage = await this.sites.open(deployment.deploymentId, '/404.html');
    if (notFoundPage.kind !== 'file') return sendNotice(reply, PAGE_NOT_FOUND);
    return sendFile(request, reply.code(404), notFoundPage, deployment);
  }
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SiteFile, deployment: ServedDeployment) {
  const { handle, offset, bytes, path } = file;
  const contentType = contentTypeOf(path);
  // The files of a deployment never change. A production host serves one deployment after the other, hence the id.
  const etag = `"${deployment.deploymentId}-${bytes.toString(36)}"`;
  const policy = contentSecurityPolicyFor(contentType, deployment.authority, path);
  reply.headers({ ...securityHeaders(policy, deployment.indexed), etag, 'cache-control': 'no-cache' });
  const isOk = reply.statusCode === 200;
  if (isOk && fresh(request.headers, { etag })) return sendEmpty(reply.code(304), file);
  if (isOk) reply.header('accept-ranges', 'bytes');
  const range = isOk ? rangeOf(request, bytes, etag) : null;
  if (range === 'unsatisfiable') {
    return sendEmpty(reply.code(416).header('content-range', `bytes */${bytes}`), file);
  }
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  reply.headers({ 'content-type': contentType, 'content-length': end - start + 1 });
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  // Reads exactly `content-length` bytes. The stream closes the file.
  if (request.method === 'GET' && bytes > 0) {
    return reply.send(handle.createReadStream({ start: offset + start, end: offset + end }));
  }
  return sendEmpty(reply, file);
}

/** Ignores the range if `If-Range` names another version: the client has a part of an older file. */
function rangeOf({ method, headers }: FastifyRequest, bytes: number, etag: string): ByteRange | null {
  if (method !== 'GET' || (headers['if-range'] ?? etag) !== etag) return null;
  return byteRangeOf(headers.range, bytes);
}

async function sendEmpty(reply: FastifyReply, { handle }: SiteFile): Promise<FastifyReply> {
  await handle.close();
  return reply.send();
}

function sendNotice(reply: FastifyReply, notice: NoticePage): FastifyReply {
  const contentType = 'text/html; charset=utf-8';
  reply.headers({ ...securityHeaders(NOTICE_POLICY, false), 'cache-control': 'no-store' });
  if (notice.refreshSeconds !== undefined) reply.header('retry-after', String(notice.refreshSeconds));
  return reply.code(notice.status).type(contentType).send(noticeHtml(notice));
}
