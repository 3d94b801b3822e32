import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { ConfigError } from '@reunite/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const ONE_YEAR = 'public, max-age=31536000, immutable';
const apiPaths = /^(v1|auth|callback)(\/|$)/;

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface ConsoleFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Serves the built console: its files, and its page for every address that is a route inside it. A handful of files of
 * our own, so they are held in memory: no path of a request ever reaches the file system.
 */
export async function serveConsole(fastify: FastifyInstance, directory: string): Promise<void> {
  const files = await filesOf(directory);
  fastify.get('/*', (request, reply) => {
    const path = pathOf(request);
    const file = files.get(path) ?? (isNavigation(request, path) ? files.get('index.html') : undefined);
    if (file) return sendFile(request, reply, file);
    reply.callNotFound();
    return reply;
  });
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { body, headers }: ConsoleFile): FastifyReply {
  reply.headers(headers);
  return request.headers['if-none-match'] === headers['etag'] ? reply.code(304).send() : reply.send(body);
}

/** @throws ConfigError where there is no built console */
async function filesOf(directory: string): Promise<Map<string, ConsoleFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, ConsoleFile>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const location = join(entry.parentPath, entry.name);
    const path = relative(directory, location).split(sep).join('/');
    files.set(path, consoleFile(path, await readFile(location)));
  }
  if (!files.has('index.html')) {
    throw new ConfigError([`CONSOLE_DIR: ${directory} holds no built console (no index.html). Build it first.`]);
  }
  return files;
}

function consoleFile(path: string, body: Buffer): ConsoleFile {
  const headers = {
    'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
    // Vite puts a hash of the content into the names below assets/.
    'cache-control': path.startsWith('assets/') ? ONE_YEAR : 'no-cache',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
  return { body, headers };
}

function pathOf({ url }: FastifyRequest): string {
  const [path = ''] = url.slice(1).split(/[?#]/, 1);
  return path || 'index.html';
}

function isNavigation(request: FastifyRequest, path: string): boolean {
  return (request.headers.accept ?? '').includes('text/html') && !apiPaths.test(path);
}
