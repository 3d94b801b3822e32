import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildDocumentation } from './documentation-site.js';
import type { DocumentationSite } from './documentation-site.js';

/**
 * Serves the documentation at `/docs`, and its scripts and styles at `/_reunite`. The site is built once, with the first
 * request, and stays in memory.
 */
export function serveDocumentation(fastify: FastifyInstance, publicUrl: string, document: object): void {
  let site: Promise<DocumentationSite> | undefined;
  const built = () => (site ??= buildDocumentation(document));
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const [path = ''] = request.url.slice(1).split(/[?#]/, 1);
    const files = await built();
    const file = files.get(path) ?? files.get(`${path.replace(/\/$/, '')}/index.html`);
    if (file === undefined) {
      reply.callNotFound();
      return reply;
    }
    const { contentSecurityPolicyFor } = await import('@reunite/site-builder');
    const policy = contentSecurityPolicyFor(file.contentType, new URL(publicUrl).host, path);
    // The documentation has no images of other hosts.
    reply.header('content-security-policy', policy.replace(' https:', ''));
    reply.headers({ 'content-type': file.contentType, 'cache-control': 'no-cache', etag: file.etag });
    return request.headers['if-none-match'] === file.etag ? reply.code(304).send() : reply.send(file.body);
  };
  for (const path of ['/docs', '/docs/*', '/_reunite/*']) fastify.get(path, handler);
}
