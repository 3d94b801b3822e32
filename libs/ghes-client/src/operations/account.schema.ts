import { z } from 'zod';

/** A user, organization or enterprise on the server. An enterprise has a slug instead of a login. */
export const accountSchema = z
  .looseObject({
    id: z.number(),
    login: z.string().optional(),
    slug: z.string().optional(),
    type: z.string().optional(),
  })
  .transform(({ id, login, slug, type }) => ({ id, login: login ?? slug ?? '', type: type ?? 'Enterprise' }));

export type Account = z.output<typeof accountSchema>;

/** Permission names and levels, like `{ contents: 'write' }`. */
export const permissionsSchema = z.record(z.string(), z.string());

export type Permissions = z.output<typeof permissionsSchema>;
