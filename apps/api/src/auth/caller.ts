import type { Role } from '@reunite/contracts';

/** The caller of a call, from its verified token. It sees and changes only what belongs to `organizationId` (P8). */
export interface Caller {
  readonly subject: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roles: readonly Role[];
  /** `sid` or `jti` of the token, else a hash of the token: what ends with a sign-out. */
  readonly sessionId: string;
  /** Expiry of the token; an event stream that it opened ends then. */
  readonly expiresAt: Date;
}
