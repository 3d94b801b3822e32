import type { BlobStorage } from '@reunite/blob-storage';
import type { Logger } from '@reunite/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noticeHtml, NOTICES, PAGE_NOT_FOUND } from './notice-page.rules.js';
import type { NoticePage } from './notice-page.rules.js';
import type { PreviewHost } from './preview-label.rules.js';
import type { Preview, Previews } from './previews.js';
import { NOTICE_POLICY, securityHeaders } from './security-headers.rules.js';
import { FileSender } from './file-sender.js';
import type { ServedDeployment } from './file-sender.js';
import { Sites } from './sites.js';

/** Serves previews from the artifact store. */
export class PreviewHandler {
  private readonly sites: Sites;
  private readonly sender = new FileSender();

  constructor(
    private readonly previews: Previews,
    artifacts: BlobStorage,
    private readonly logger: Logger,
  ) {
    this.sites = new Sites(artifacts);
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
    const deployment = { deploymentId: preview.deploymentId, indexed, authority: host.authority };
    try {
      return await this.sendPath(request, reply, deployment);
    } catch (error) {
      this.logger.error({ err: error, host }, 'file of a preview could not be read');
      return sendNotice(reply, NOTICES.unavailable);
    }
  }

  private async findPreview(host: PreviewHost): Promise<Preview | { readonly kind: 'unavailable' }> {
    try {
      return await this.previews.find(host);
    } catch (error) {
      this.logger.error({ err: error, host }, 'preview lookup failed');
      return { kind: 'unavailable' };
    }
  }

  private async sendPath(
    request: FastifyRequest,
    reply: FastifyReply,
    deployment: ServedDeployment,
  ): Promise<FastifyReply> {
    const [path = '/', query] = request.url.split('?', 2);
    const entry = await this.sites.find(deployment.deploymentId, path);
    if (entry.kind === 'folder') {
      reply.headers(securityHeaders(NOTICE_POLICY, deployment.indexed));
      return reply
        .code(302)
        .header('location', `${path}/${query === undefined ? '' : `?${query}`}`)
        .send();
    }
    if (entry.kind === 'file' && (await this.sender.send(request, reply, entry, deployment))) return reply;
    const notFoundPage = await this.sites.find(deployment.deploymentId, '/404.html');
    const isSent =
      notFoundPage.kind === 'file' && (await this.sender.send(request, reply.code(404), notFoundPage, deployment));
    return isSent ? reply : sendNotice(reply, PAGE_NOT_FOUND);
  }
}

function sendNotice(reply: FastifyReply, notice: NoticePage): FastifyReply {
  // Of a file that could not be read.
  for (const name of ['etag', 'accept-ranges', 'vary']) reply.removeHeader(name);
  const contentType = 'text/html; charset=utf-8';
  reply.headers({ ...securityHeaders(NOTICE_POLICY, false), 'cache-control': 'no-store' });
  if (notice.refreshSeconds !== undefined) reply.header('retry-after', String(notice.refreshSeconds));
  return reply.code(notice.status).type(contentType).send(noticeHtml(notice));
}
