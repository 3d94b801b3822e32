import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';

export type ArchiveFormat = 'tar.gz' | 'zip';

/** A link to an archive that is valid for five minutes and needs no credentials. */
export interface ArchiveLink {
  readonly repositoryId: number;
  readonly commit: string;
  readonly format: ArchiveFormat;
  readonly expiresAt: number;
}

const LIFE_MS = 5 * 60 * 1000;

export class ArchiveLinks {
  private readonly links = new Map<string, ArchiveLink>();

  constructor(private readonly clock: Clock) {}

  create(repositoryId: number, commit: string, format: ArchiveFormat): string {
    const now = this.clock.now().getTime();
    for (const [token, { expiresAt }] of this.links) if (expiresAt <= now) this.links.delete(token);
    const token = randomBytes(20).toString('base64url');
    this.links.set(token, { repositoryId, commit, format, expiresAt: now + LIFE_MS });
    return token;
  }

  find(token: string): ArchiveLink | undefined {
    const link = this.links.get(token);
    return link && link.expiresAt > this.clock.now().getTime() ? link : undefined;
  }
}
