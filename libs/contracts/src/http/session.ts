import { z } from 'zod';
import { line } from './line.js';

/** The caller, from its token. */
export const sessionSchema = z
  .object({
    subject: z.string(),
    name: z.string(),
    organizationId: z.string(),
    organizationName: z.string(),
    roles: z.array(z.string()),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof sessionSchema>;

/** Users of the local stack, who sign in without a password. */
export const localUsersSchema = z
  .object({
    users: z.array(
      z.object({ id: z.string(), name: z.string(), organizationName: z.string(), roles: z.array(z.string()) }),
    ),
  })
  .meta({ id: 'LocalUsers' });
export type LocalUsers = z.output<typeof localUsersSchema>;

export const localSignInSchema = z.object({ user: line.max(80) }).meta({ id: 'LocalSignIn' });
export type LocalSignIn = z.output<typeof localSignInSchema>;
