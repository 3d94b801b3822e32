import type { Role } from '@reunite/contracts';

/** Who calls, as the verified token says. Everything that they can see or change belongs to `organizationId` (P8). */
export interface Caller {
  readonly subject: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roles: readonly Role[];
  /** When the token ends; a stream that it opened ends with it. */
  readonly expiresAt: Date;
}
