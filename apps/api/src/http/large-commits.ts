import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Caller } from '../auth/caller.js';
import type { ConcurrentUploads } from '../limits/concurrent-uploads.js';

/** The used part of Fastify. */
interface Routes {
  addHook(name: 'onRoute', hook: (route: RouteOptions) => void): unknown;
}

export interface LargeCommitSettings {
  /** Maximum total size of the files of a commit, in bytes. */
  readonly commitBytes: number;
  /** Bodies up to this size take no slot of `uploads`. */
  readonly smallBodyBytes: number;
  readonly uploads: ConcurrentUploads;
  /** Authenticates the caller and checks role and project. Rejects if the caller may not commit there. */
  readonly authorize: (request: FastifyRequest) => Promise<Caller>;
}

/** Largest body of a commit request: the files in base64, and the JSON around them. */
export function commitBodyBytes(totalBytes: number): number {
  return Math.ceil(totalBytes * 1.4) + 1_048_576;
}

/**
 * Raises the body limit for commits, which alone carry files. Caller, role and project are checked before the body is
 * read, so that only members of the project can make the API read and parse that much; the guard checks again.
 */
export function allowLargeCommits(fastify: Routes, settings: LargeCommitSettings): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = await settings.authorize(request);
    const length = Number(request.headers['content-length'] ?? Infinity);
    if (length <= settings.smallBodyBytes) return;
    reply.raw.once('close', settings.uploads.acquire(caller));
  };
  fastify.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || route.url !== '/v1/projects/:id/commits') return;
    Object.assign(route, { bodyLimit: commitBodyBytes(settings.commitBytes), onRequest });
  });
}
