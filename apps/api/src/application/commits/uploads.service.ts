import { Inject, Injectable } from '@nestjs/common';
import { InvalidInputError } from '@reunite/contracts';
import type { Upload } from '@reunite/contracts';
import { beginUpload, deleteUpload, finishUpload, saveUploadPiece, storePieces } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { ConcurrentUploads } from '../../limits/concurrent-uploads.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Bytes of a file that a caller sends. */
export interface UploadSource {
  /** As the caller announced it, in bytes; undefined if it did not. */
  readonly size: number | undefined;
  /** Read only after caller, project, size and quota were checked. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Stores files for later commits. */
@Injectable()
export class UploadsService {
  private readonly uploads: ConcurrentUploads;

  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {
    this.uploads = new ConcurrentUploads(settings.uploads.atOnce);
  }

  /**
   * @param open returns the source, or throws if the call has none; called once the project was found
   * @throws UploadTooLargeError, UploadQuotaError, RateLimitedError, UploadAbortedError
   */
  async create({ organizationId, subject }: Caller, projectId: string, open: () => UploadSource): Promise<Upload> {
    await this.lookup.project(organizationId, projectId);
    const { size, content } = open();
    if (size === undefined || !Number.isSafeInteger(size) || size < 0) {
      const message = 'Announce the size of the file in bytes.';
      throw new InvalidInputError(message, [{ path: 'size', message }]);
    }
    const release = this.uploads.acquire({ organizationId, subject });
    try {
      const owner = { organizationId, projectId, subject };
      const id = await this.dataSource.transaction((db) => beginUpload(db, owner, size, this.settings.uploads));
      return await this.receive(id, size, content);
    } finally {
      release();
    }
  }

  private async receive(id: string, size: number, content: AsyncIterable<Uint8Array>): Promise<Upload> {
    const { manager } = this.dataSource;
    try {
      const { blobId, sha256 } = await storePieces(content, size, (sequence, piece) =>
        saveUploadPiece(manager, id, sequence, piece),
      );
      const expiresAt = await finishUpload(manager, id, blobId);
      return { id, size, sha256, expiresAt: expiresAt.toISOString() };
    } catch (error) {
      await deleteUpload(manager, id);
      throw error;
    }
  }
}
