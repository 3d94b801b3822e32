import { z } from 'zod';

/** The URL at which a user signs in on the server. */
export const signInStartSchema = z.object({ authorizeUrl: z.string() }).meta({ id: 'SignInStart' });
export type SignInStart = z.output<typeof signInStartSchema>;

export const accountStatuses = ['signed-out', 'unconfirmed', 'active', 'broken'] as const;

/** The caller's own account on a connection's server. */
export const accountSchema = z
  .object({
    status: z.enum(accountStatuses),
    login: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'Why it is broken and how to repair it' }),
  })
  .meta({ id: 'Account' });
export type Account = z.output<typeof accountSchema>;

/** The account that the caller was shown and confirms as theirs. */
export const confirmAccountSchema = z
  .object({ login: z.string().min(1).max(100).meta({ description: 'The `login` of the unconfirmed account' }) })
  .meta({ id: 'ConfirmAccount' });
export type ConfirmAccount = z.output<typeof confirmAccountSchema>;

/** Query that a server adds to the callback URL: a code or an error. */
export const signInCallbackQuerySchema = z.object({
  code: z.string().max(400).optional(),
  state: z.string().max(400).optional(),
  error: z.string().max(100).optional(),
  /** Issuer (RFC 9207), if the server sends it. */
  iss: z.string().max(300).optional(),
});
export type SignInCallbackQuery = z.output<typeof signInCallbackQuerySchema>;
