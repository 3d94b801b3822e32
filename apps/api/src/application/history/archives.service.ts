import { addAbortSignal, Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { RepositoryObjects } from '@reunite/content-store';
import { NotFoundError } from '@reunite/contracts';
import type { ArchiveQuery } from '@reunite/contracts';
import { isTreeMode } from '@reunite/git-objects';
import type { TreeWalkEntry } from '@reunite/git-objects';
import { ZipFile } from 'yazl';
import type { Caller } from '../../auth/caller.js';
import { ConcurrentUploads } from '../../limits/concurrent-uploads.js';
import { SnapshotsService } from '../projects/snapshots.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { ArchiveTooLargeError } from './archive-too-large.error.js';
import { archiveName } from './archive-names.rules.js';

const MAX_ENTRIES = 50_000;
const MAX_BYTES = 2 * 1024 ** 3;
/** A reader that stops reading must not keep its slot. */
const MAX_DURATION_MS = 15 * 60_000;
/** Archives that are written at the same time, in all. */
const CONCURRENCY = 6;

export interface Archive {
  readonly name: string;
  readonly content: Readable;
}

/** Snapshots of a project as ZIP archives. */
@Injectable()
export class ArchivesService {
  private readonly slots = new ConcurrentUploads(CONCURRENCY);

  constructor(
    private readonly lookup: TenantLookup,
    private readonly snapshots: SnapshotsService,
  ) {}

  /**
   * Opens the archive of the project's root folder. It is written while it is read, with one file in memory at a time.
   *
   * @throws LimitExceededError, RateLimitedError. The stream fails with ArchiveTooLargeError after 2 GiB of content
   */
  async open(caller: Caller, projectId: string, query: ArchiveQuery): Promise<Archive> {
    const project = await this.lookup.project(caller.organizationId, projectId);
    const release = this.slots.acquire(caller);
    try {
      const branch = query.branch ?? project.productionBranch;
      const snapshot = await (query.commit === undefined
        ? this.snapshots.ofBranch(project, branch)
        : this.snapshots.ofCommit(project, branch, query.commit));
      const tree = await this.snapshots.rootFolder(project, snapshot);
      if (tree === null) throw new NotFoundError(`Commit ${snapshot.commit} has no folder "${project.rootFolder}".`);
      const objects = this.snapshots.objects(project);
      const { committer } = await objects.readCommit(snapshot.commit);
      const content = await zipOf(objects, tree, committer.date);
      addAbortSignal(AbortSignal.timeout(MAX_DURATION_MS), content).once('close', release);
      return { name: `${fileName(project.name)}-${snapshot.commit.slice(0, 7)}.zip`, content };
    } catch (error) {
      release();
      throw error;
    }
  }
}

async function zipOf(objects: RepositoryObjects, tree: string, mtime: Date): Promise<Readable> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const names = new Set<string>();
  let bytes = 0;
  const read = async ({ id }: TreeWalkEntry): Promise<Readable> => {
    bytes += await objects.size(id);
    if (bytes > MAX_BYTES) throw new ArchiveTooLargeError(MAX_BYTES);
    return Readable.from([(await objects.read(id)).body]);
  };
  for await (const entry of objects.walk(tree, { maxEntries: MAX_ENTRIES })) {
    // The commit of a submodule is in another repository.
    if (isTreeMode(entry.mode) || entry.mode === '160000') continue;
    // A symbolic link is a file with its target as text: one that is unpacked could lead out of the folder.
    const mode = entry.mode === '100755' ? 0o100755 : 0o100644;
    zip.addReadStreamLazy(archiveName(entry.path, names), { mtime, mode }, (done) => {
      // `output` was closed if the reader has left.
      if (output.destroyed) return;
      read(entry).then(
        (content) => done(null, content),
        (error: unknown) => output.destroy(error instanceof Error ? error : new Error('unreadable', { cause: error })),
      );
    });
  }
  zip.end();
  return output;
}

function fileName(name: string): string {
  return name.replace(/[^\w-]/g, '-').slice(0, 60);
}
