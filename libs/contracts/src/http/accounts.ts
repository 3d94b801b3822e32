import { z } from 'zod';
import { doc, loginField } from './fields.js';

/** The URL at which a user signs in on the server. */
export const signInStartSchema = z
  .object({
    authorizeUrl: z
      .string()
      .meta(
        doc(
          'Page of the server to which the browser is sent',
          'https://ghes.example.com/login/oauth/authorize?client_id=Iv1.8a61f9b3a7aba766',
        ),
      ),
  })
  .meta({ id: 'SignInStart', description: 'The page at which a user signs in on the server' });
export type SignInStart = z.output<typeof signInStartSchema>;

export const accountStatuses = ['signed-out', 'unconfirmed', 'active', 'broken'] as const;

/** The caller's own account on a connection's server. */
export const accountSchema = z
  .object({
    status: z
      .enum(accountStatuses)
      .meta(doc('`active`: changes are made as this account. `broken`: the server no longer accepts it')),
    login: loginField.nullable().meta(doc('Login of the account; null if there is none', 'octocat')),
    reason: z
      .string()
      .nullable()
      .meta(doc('Why it is broken and how to repair it', 'The server revoked the authorization. Sign in again.')),
  })
  .meta({ id: 'Account', description: 'The caller’s own account on the server of a connection' });
export type Account = z.output<typeof accountSchema>;

/** The account that the caller was shown and confirms as theirs. */
export const confirmAccountSchema = z
  .object({ login: z.string().min(1).max(100).meta(doc('The `login` of the unconfirmed account', 'octocat')) })
  .meta({ id: 'ConfirmAccount', description: 'The account that the caller was shown and confirms as theirs' });
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
