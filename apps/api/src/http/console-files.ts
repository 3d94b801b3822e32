import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { send } from '@fastify/send';
import type { SendOptions } from '@fastify/send';
import { ConfigError } from '@reunite/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const API_PATH = /^(v1|auth|callback)(\/|$)/;

/**
 * Serves the built console: its files, and its page for every address that is a route of the console. Only the paths
 * that exist at the start are served, so that no other path reaches the file system.
 *
 * @throws ConfigError if `directory` has no built console
 */
export async function serveConsole(fastify: FastifyInstance, directory: string): Promise<void> {
  const files = await filesOf(directory);
  fastify.get('/*', async (request, reply) => {
    const path = pathOf(request);
    if (files.has(path)) return sendFile(request, reply, directory, path);
    if (isNavigation(request, path)) return sendFile(request, reply, directory, 'index.html');
    reply.callNotFound();
    return reply;
  });
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  root: string,
  path: string,
): Promise<FastifyReply> {
  // Vite puts a hash of the content into the names below assets/.
  const isHashed = path.startsWith('assets/');
  const options: SendOptions = isHashed ? { root, maxAge: '1y', immutable: true } : { root, cacheControl: false };
  const { statusCode, headers, stream } = await send(request.raw, encodeURI(path), options);
  if (!isHashed) reply.header('cache-control', 'no-cache');
  // Rendered pages are shown in a frame with an origin of its own, which loads the style sheet of sites.
  else if (path.endsWith('.css')) reply.header('cross-origin-resource-policy', 'cross-origin');
  return reply.code(statusCode).headers(headers).send(stream);
}

/** Paths of all files, with slashes. */
async function filesOf(directory: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const paths = new Set(
    files.map((file) => relative(directory, join(file.parentPath, file.name)).replaceAll(sep, '/')),
  );
  if (paths.has('index.html')) return paths;
  throw new ConfigError([`CONSOLE_DIR: ${directory} has no built console (no index.html). Build it first.`]);
}

function pathOf({ url }: FastifyRequest): string {
  const [path = ''] = url.slice(1).split(/[?#]/, 1);
  return path || 'index.html';
}

function isNavigation(request: FastifyRequest, path: string): boolean {
  return (request.headers.accept ?? '').includes('text/html') && !API_PATH.test(path);
}
