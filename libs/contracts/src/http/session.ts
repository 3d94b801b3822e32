import { z } from 'zod';
import { doc } from './fields.js';
import { line } from './line.js';

/** The caller, from its token. */
export const sessionSchema = z
  .object({
    subject: z.string().meta(doc('Subject of the token', 'auth0|5f7c8ec7c33c6c004bbafe82')),
    name: z.string().meta(doc('Name of the caller', 'Ada Lovelace')),
    organizationId: z.string().meta(doc('Id of the organization', 'org_acme')),
    organizationName: z.string().meta(doc('Name of the organization', 'Acme Docs')),
    roles: z.array(z.string()).meta(doc('Roles of the caller in the organization', ['owner'])),
  })
  .meta({ id: 'Session', description: 'The caller, from its token' });
export type Session = z.output<typeof sessionSchema>;

/** The page at which users sign in; it takes the path of the console to open afterwards as `next`. */
export const signInAddressSchema = z
  .object({
    url: z
      .string()
      .nullable()
      .meta(doc('URL of the page; null if the operator has set none', 'https://reunite.example.com/sign-in')),
  })
  .meta({ id: 'SignInAddress', description: 'The page at which users sign in' });
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
