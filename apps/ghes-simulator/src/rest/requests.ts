import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';
import { ApiError } from './api.error.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; set before any route runs. */
    // eslint-disable-next-line no-restricted-syntax -- set by a hook
    actor: Actor;
  }
}

export interface RepositoryParams {
  readonly owner: string;
  readonly repo: string;
}

/** @throws ApiError 422 that names each invalid field */
export function parseBody<T>(schema: z.ZodType<T>, request: FastifyRequest, resource: string): T {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  throw new ApiError(
    422,
    'Validation Failed',
    parsed.error.issues.map((issue) => ({
      resource,
      field: issue.path.join('.'),
      code: issue.code === 'invalid_type' && issue.input === undefined ? 'missing_field' : 'custom',
      message: issue.message,
    })),
  );
}

/** A page of the items, with a `Link` header. `page` starts at 1; `per_page` is 30 by default and at most 100. */
export function pageOf<T>(
  ghes: Ghes,
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
  usual = 30,
): T[] {
  const url = new URL(request.url, ghes.settings.publicUrl);
  const perPage = Math.min(
    Math.max(100, usual),
    Math.max(1, Number.parseInt(url.searchParams.get('per_page') ?? '', 10) || usual),
  );
  const page = Math.max(1, Number.parseInt(url.searchParams.get('page') ?? '1', 10) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    url.searchParams.set('page', String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  if (links.length > 0) void reply.header('link', links.join(', '));
  return items.slice((page - 1) * perPage, page * perPage);
}

/** Parses an id of a path; -1 unless it is a positive integer. */
export function idOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
