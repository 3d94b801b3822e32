import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer, json } from 'node:stream/consumers';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ghes } from '../ghes.js';
import { gitOf } from '../repositories/repositories.js';
import { fullName, htmlUrl } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import type { Repository } from '../state/model.js';
import { admit } from './admit.js';

interface ObjectRoute {
  readonly Params: { owner: string; repo: string; oid: string };
}

const object = z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) });
const batchSchema = z.object({ operation: z.enum(['download', 'upload']), objects: z.array(object).max(1_000) });
const MEDIA_TYPE = 'application/vnd.git-lfs+json; charset=utf-8';

/**
 * Git LFS with basic transfers (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md). Objects are in the folder
 * of the repository, as Git LFS keeps them.
 */
export function lfsHttp(app: FastifyInstance, ghes: Ghes): void {
  app.post<ObjectRoute>('/:owner/:repo/info/lfs/objects/batch', async (request, reply) => {
    const batch = batchSchema.safeParse(await json(request.body as Readable));
    if (!batch.success) throw new ApiError(422, 'Validation failed');
    const { operation, objects } = batch.data;
    const { repository } = await admit(ghes, request, operation === 'upload' ? 'write' : 'read');
    const { authorization } = request.headers;
    const answers = objects.map(async ({ oid, size }) => {
      const href = htmlUrl(ghes, `/${fullName(ghes, repository)}.git/info/lfs/objects/${oid}`);
      const action = { href, ...(authorization !== undefined && { header: { Authorization: authorization } }) };
      const isStored = await exists(pathOf(ghes, repository, oid));
      if (operation === 'upload') return { oid, size, ...(!isStored && { actions: { upload: action } }) };
      if (!isStored) return { oid, size, error: { code: 404, message: 'Object does not exist on the server' } };
      return { oid, size, authenticated: true, actions: { download: action } };
    });
    return reply.type(MEDIA_TYPE).send(JSON.stringify({ transfer: 'basic', objects: await Promise.all(answers) }));
  });

  app.get<ObjectRoute>('/:owner/:repo/info/lfs/objects/:oid', async (request, reply) => {
    const { repository } = await admit(ghes, request, 'read');
    const path = pathOf(ghes, repository, oidOf(request));
    if (!(await exists(path))) throw new ApiError(404, 'Object does not exist on the server');
    return reply.type('application/octet-stream').send(await readFile(path));
  });

  app.put<ObjectRoute>('/:owner/:repo/info/lfs/objects/:oid', async (request, reply) => {
    const { repository } = await admit(ghes, request, 'write');
    const content = await buffer(request.body as Readable);
    const oid = createHash('sha256').update(content).digest('hex');
    if (oid !== oidOf(request)) throw new ApiError(422, 'The content has another hash');
    const path = pathOf(ghes, repository, oid);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return reply.code(200).send('');
  });
}

function oidOf({ params }: FastifyRequest<ObjectRoute>): string {
  if (!object.shape.oid.safeParse(params.oid).success) throw new ApiError(404, 'Not found');
  return params.oid;
}

function pathOf(ghes: Ghes, repository: Repository, oid: string): string {
  return join(gitOf(ghes, repository).directory, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
