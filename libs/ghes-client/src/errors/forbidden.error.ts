import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** 403: the credential is valid but lacks a permission, which is named if the server names it. */
export class GhesForbiddenError extends GhesError {
  readonly code = 'ghes-forbidden';
  readonly remedy: string;

  /** @param missingPermission in the server's notation, like `statuses=write`; alternatives are joined by ` or ` */
  constructor(
    message: string,
    readonly missingPermission: string | undefined,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
    this.remedy =
      missingPermission === undefined
        ? 'Compare the permissions of the app on the server with the ones that the connection needs.'
        : `Grant the app the permission ${missingPermission} on the server, and accept the change on its installation.`;
  }
}
