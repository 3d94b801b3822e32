import { Injectable } from '@nestjs/common';
import type { RepositoryObjects } from '@reunite/content-store';
import { InvalidInputError } from '@reunite/contracts';
import type { ChangedFile, FileDiff, FileDiffQuery, SnapshotDiff, SnapshotDiffQuery } from '@reunite/contracts';
import type { ProjectEntity } from '@reunite/deployments';
import { diffTrees } from '@reunite/git-objects';
import type { TreeMode } from '@reunite/git-objects';
import type { Caller } from '../../auth/caller.js';
import { readCursors, toCursor } from '../paging.js';
import { cleanPath } from '../projects/content.service.js';
import { SnapshotsService } from '../projects/snapshots.service.js';
import type { Snapshot } from '../projects/snapshots.service.js';
import { readShownFile } from '../shown-file.js';
import { MAX_SHOWN_BYTES } from '../shown-text.rules.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { textDiff } from './text-diff.rules.js';

/** Each page is computed from the start. */
const MAX_CHANGES = 10_000;
const MAX_ENTRIES = 200_000;

const KINDS: Readonly<Record<Exclude<TreeMode, '040000'>, ChangedFile['kind']>> = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
};

interface Side {
  readonly id: string;
  readonly mode: TreeMode;
}

interface Change {
  readonly path: string;
  readonly before: Side | null;
  readonly after: Side | null;
}

interface Sides {
  readonly from: Snapshot | null;
  readonly to: Snapshot;
}

type SidesQuery = Pick<FileDiffQuery, 'branch' | 'from' | 'to'>;

/** Differences between two snapshots of a project, below its root folder. */
@Injectable()
export class SnapshotDiffsService {
  constructor(
    private readonly lookup: TenantLookup,
    private readonly snapshots: SnapshotsService,
  ) {}

  /** Lists the changed files by path, in the order of git. A rename is a removed and an added file. */
  async list({ organizationId }: Caller, projectId: string, query: SnapshotDiffQuery): Promise<SnapshotDiff> {
    const project = await this.lookup.project(organizationId, projectId);
    const { start, end } = readRange(query);
    const sides = await this.sides(project, query);
    const objects = this.snapshots.objects(project);
    const changes: Change[] = [];
    for await (const change of this.changes(project, sides)) {
      if (changes.length === MAX_CHANGES) break;
      changes.push(change);
    }
    return {
      ...commitsOf(sides),
      items: await Promise.all(changes.slice(start, end).map((change) => changedFile(objects, change))),
      startCursor: start > 0 ? toCursor(String(start)) : null,
      endCursor: changes.length > end ? toCursor(String(end)) : null,
    };
  }

  async file({ organizationId }: Caller, projectId: string, query: FileDiffQuery): Promise<FileDiff> {
    const path = cleanPath(query.path);
    const project = await this.lookup.project(organizationId, projectId);
    const sides = await this.sides(project, query);
    const [before, after] = await Promise.all([
      this.entry(project, sides.from, path),
      this.entry(project, sides.to, path),
    ]);
    if (!before && !after) {
      const message = `Neither of the two commits has a file "${path}".`;
      throw new InvalidInputError(message, [{ path: 'path', message }]);
    }
    const objects = this.snapshots.objects(project);
    return {
      ...commitsOf(sides),
      ...(await changedFile(objects, { path, before, after })),
      ...(await patchOf(objects, before, after)),
    };
  }

  private async sides(project: ProjectEntity, { branch: named, from, to }: SidesQuery): Promise<Sides> {
    const branch = named ?? project.productionBranch;
    const newer = await (to === undefined
      ? this.snapshots.ofBranch(project, branch)
      : this.snapshots.ofCommit(project, branch, to));
    const older = from ?? (await this.snapshots.objects(project).readCommit(newer.commit)).parents[0];
    return { to: newer, from: older === undefined ? null : await this.snapshots.ofCommit(project, branch, older) };
  }

  private async *changes(project: ProjectEntity, { from, to }: Sides): AsyncGenerator<Change> {
    const objects = this.snapshots.objects(project);
    const older = from && (await this.snapshots.rootFolder(project, from));
    const newer = await this.snapshots.rootFolder(project, to);
    const readTree = (id: string) => objects.readTree(id);
    for await (const change of diffTrees(older, newer, readTree, { maxEntries: MAX_ENTRIES })) {
      yield { path: change.path, before: change.old ?? null, after: change.new ?? null };
    }
  }

  private async entry(project: ProjectEntity, snapshot: Snapshot | null, path: string): Promise<Side | null> {
    const folder = snapshot && (await this.snapshots.rootFolder(project, snapshot));
    const entry = folder && (await this.snapshots.objects(project).readPath(folder, path));
    return entry && entry.mode !== '040000' ? entry : null;
  }
}

function commitsOf({ from, to }: Sides): Pick<SnapshotDiff, 'from' | 'to'> {
  return { from: from?.commit ?? null, to: to.commit };
}

async function changedFile(objects: RepositoryObjects, { path, before, after }: Change): Promise<ChangedFile> {
  const [bytesBefore, bytesAfter] = await Promise.all([sizeOf(objects, before), sizeOf(objects, after)]);
  const mode = (after ?? before)?.mode;
  const kind = mode === undefined || mode === '040000' ? 'file' : KINDS[mode];
  return { path, change: changeOf(before, after), kind, bytesBefore, bytesAfter };
}

function changeOf(before: Side | null, after: Side | null): ChangedFile['change'] {
  if (!before) return 'added';
  if (!after) return 'removed';
  return before.id === after.id && before.mode === after.mode ? 'unchanged' : 'modified';
}

/** The commit of a submodule is in another repository. */
function hasContent(side: Side | null): side is Side {
  return side !== null && side.mode !== '160000';
}

async function sizeOf(objects: RepositoryObjects, side: Side | null): Promise<number | null> {
  return hasContent(side) ? objects.size(side.id) : null;
}

async function patchOf(
  objects: RepositoryObjects,
  before: Side | null,
  after: Side | null,
): Promise<Pick<FileDiff, 'patch' | 'patchMissing'>> {
  if (before?.id === after?.id) return { patch: null, patchMissing: 'unchanged' };
  const texts: string[] = [];
  for (const side of [before, after]) {
    const { text, bytes } = hasContent(side) ? await readShownFile(objects, side.id) : { text: '', bytes: 0 };
    if (text === null) return { patch: null, patchMissing: bytes > MAX_SHOWN_BYTES ? 'too-large' : 'binary' };
    texts.push(text);
  }
  const patch = textDiff(texts[0] ?? '', texts[1] ?? '');
  return { patch, patchMissing: patch === null ? 'too-large' : null };
}

/** Cursors are offsets. @throws InvalidInputError */
function readRange(query: SnapshotDiffQuery): { start: number; end: number } {
  const { after, before } = readCursors(query);
  const cursor = after ?? before ?? '0';
  if (!/^\d{1,5}$/.test(cursor)) throw new InvalidInputError('The cursor is invalid.');
  const offset = Number(cursor);
  return before === undefined
    ? { start: offset, end: offset + query.limit }
    : { start: Math.max(0, offset - query.limit), end: offset };
}
