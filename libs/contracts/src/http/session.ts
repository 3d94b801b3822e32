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

/** The page at which users sign in; it takes the path of the console to open afterwards as `next`. */
export const signInAddressSchema = z.object({ url: z.string().nullable() }).meta({ id: 'SignInAddress' });
export type SignInAddress = z.output<typeof signInAddressSchema>;

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
