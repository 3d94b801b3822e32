import { GhesError } from './ghes.error.js';

/** The server's version lacks a capability. Nothing was sent. */
export class GhesUnsupportedVersionError extends GhesError {
  readonly code = 'ghes-unsupported-version';
  readonly remedy: string;

  /** @param since the first release with the capability */
  constructor(
    readonly capability: string,
    readonly version: string,
    readonly since: string,
  ) {
    super(`GitHub Enterprise Server ${version} cannot do this (${capability}); ${since} and later can.`);
    this.remedy = `Update the server to ${since} or later.`;
  }
}
