import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import { GhesError, MAX_LFS_BATCH } from '@reunite/ghes-client';
import type { LfsLocation } from '@reunite/ghes-client';
import {
  isObjectId,
  MalformedObjectError,
  MAX_LFS_POINTER_BYTES,
  parseLfsPointer,
  verifiedLfsContent,
} from '@reunite/git-objects';
import type { LfsPointer, ObjectId } from '@reunite/git-objects';
import { formatBytes } from '@reunite/site-builder';
import pLimit from 'p-limit';
import type { GhesAccess } from '../connections/ghes-access.js';
import type { LfsRequests } from '../connections/repository-git.js';
import type { FetchedFiles } from './isolation/tasks.js';

export interface LfsLimits {
  /** Size of one file. */
  readonly fileBytes: number;
  /** Size of all files of one build. */
  readonly totalBytes: number;
}

/** Replaces the pointers of a build with local files that its process can read, or with reasons. */
export type FetchLfsFiles = (pointers: readonly string[]) => Promise<FetchedFiles>;

const CONCURRENT_DOWNLOADS = 4;

/**
 * Fetches files of Git LFS for builds. A file is fetched from the server once: its content is stored by the pointer's blob, for
 * this repository only. Otherwise a tenant who knows the hash of a file could read it from another tenant's repository.
 */
export class LfsFiles {
  constructor(
    private readonly content: Pick<ContentStore, 'repository'>,
    private readonly ghes: Pick<GhesAccess, 'repository'>,
    private readonly folder: string,
    private readonly limits: LfsLimits,
  ) {}

  /** Runs a build, and removes its local files afterwards. */
  async during<Result>(repositoryId: string, build: (fetch: FetchLfsFiles) => Promise<Result>): Promise<Result> {
    const folder = join(this.folder, `build-${randomUUID()}`);
    const connect = async () => (await this.ghes.repository(repositoryId)).lfs;
    const lfs = new LfsBuild(this.content.repository(repositoryId), folder, this.limits, connect);
    try {
      return await build((pointers) => lfs.fetch(pointers));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** A pointer that is within the limits. */
interface Wanted extends LfsPointer {
  readonly id: ObjectId;
}

/** The files of one build. */
class LfsBuild {
  private readonly files = new Map<string, FetchedFiles[string]>();
  private bytes = 0;

  constructor(
    private readonly objects: RepositoryObjects,
    private readonly folder: string,
    private readonly limits: LfsLimits,
    private readonly connect: () => Promise<LfsRequests>,
  ) {}

  /**
   * @param pointers ids of blobs. They come from the process of the build, which reads hostile content
   * @throws errors of the stores. What the server does not deliver is a reason
   */
  async fetch(pointers: readonly string[]): Promise<FetchedFiles> {
    await mkdir(this.folder, { recursive: true });
    const missing: Wanted[] = [];
    for (const id of new Set(pointers.filter(isObjectId))) {
      const wanted = await this.wanted(id);
      if (wanted && !(await this.copyStored(wanted))) missing.push(wanted);
    }
    for (let at = 0; at < missing.length; at += MAX_LFS_BATCH)
      await this.download(missing.slice(at, at + MAX_LFS_BATCH));
    return Object.fromEntries(this.files);
  }

  /** @returns null if the file is not published; the reason is noted then */
  private async wanted(id: ObjectId): Promise<Wanted | null> {
    const isSmall = (await this.objects.size(id)) < MAX_LFS_POINTER_BYTES;
    const pointer = isSmall ? parseLfsPointer((await this.objects.read(id)).body) : null;
    const { fileBytes, totalBytes } = this.limits;
    if (!pointer) return this.leaveOut(id, 'the pointer is invalid');
    if (pointer.size > fileBytes) {
      return this.leaveOut(
        id,
        `${formatBytes(pointer.size)} is over the limit of ${formatBytes(fileBytes)} for a file`,
      );
    }
    if (this.bytes + pointer.size > totalBytes) {
      return this.leaveOut(id, `a build gets at most ${formatBytes(totalBytes)} from it`);
    }
    this.bytes += pointer.size;
    return { id, ...pointer };
  }

  /** @returns false if the content is not stored, or damaged */
  private async copyStored(wanted: Wanted): Promise<boolean> {
    const content = await this.objects.readLfsObject(wanted.id);
    return (
      content !== null &&
      (await this.write(wanted, content).then(
        () => true,
        () => false,
      ))
    );
  }

  private async download(batch: readonly Wanted[]): Promise<void> {
    try {
      const server = await this.connect();
      const locations = await server.locate(batch.map(({ oid, size }) => ({ oid, size })));
      const limit = pLimit(CONCURRENT_DOWNLOADS);
      await Promise.all(
        batch.map((wanted) => limit(() => this.downloadOne(server, wanted, locations.get(wanted.oid)))),
      );
    } catch (error) {
      if (!(error instanceof GhesError) || error.code === 'ghes-cancelled') throw error;
      for (const { id } of batch) if (!this.files.has(id)) this.leaveOut(id, error.message);
    }
  }

  private async downloadOne(server: LfsRequests, wanted: Wanted, location: LfsLocation | undefined): Promise<void> {
    const { id } = wanted;
    if (!location || 'reason' in location) {
      this.leaveOut(id, location?.reason ?? 'the server did not answer for it');
      return;
    }
    try {
      const path = await server.read(location, (content) => this.write(wanted, content));
      await this.objects.writeLfsObject(id, createReadStream(path) as AsyncIterable<Buffer>);
    } catch (error) {
      const isAnswer =
        (error instanceof GhesError && error.code !== 'ghes-cancelled') || error instanceof MalformedObjectError;
      if (!isAnswer) throw error;
      this.leaveOut(id, error.message);
    }
  }

  /** @returns the path of the new file, which names nothing that others chose */
  private async write(wanted: Wanted, content: AsyncIterable<Buffer>): Promise<string> {
    const path = join(this.folder, randomUUID());
    await writeFile(path, verifiedLfsContent(content, wanted), { flag: 'wx' });
    this.files.set(wanted.id, { path });
    return path;
  }

  private leaveOut(id: ObjectId, reason: string): null {
    this.files.set(id, { reason: `the file is in Git LFS: ${reason.replace(/\.$/, '')}` });
    return null;
  }
}
