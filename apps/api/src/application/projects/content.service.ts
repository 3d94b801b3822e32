import { Inject, Injectable } from '@nestjs/common';
import { InvalidInputError, NotFoundError } from '@reunite/contracts';
import type { Content, ContentQuery } from '@reunite/contracts';
import type { ContentStore, RepositoryObjects } from '@reunite/content-store';
import type { ProjectEntity } from '@reunite/deployments';
import { isTreeMode } from '@reunite/git-objects';
import type { TreeEntry, TreeMode } from '@reunite/git-objects';
import type { Caller } from '../../auth/caller.js';
import { CONTENT_STORE } from '../../content-store.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { readShownFile } from '../shown-file.js';
import { SnapshotsService } from './snapshots.service.js';

type Kind = Content['kind'];
export const kinds: Record<TreeMode, Kind> = {
  '040000': 'folder',
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
};

/** The content of a branch as it was last synced, within the project's root folder. */
@Injectable()
export class ContentService {
  constructor(
    private readonly lookup: TenantLookup,
    private readonly snapshots: SnapshotsService,
    @Inject(CONTENT_STORE) private readonly store: ContentStore,
  ) {}

  async get({ organizationId }: Caller, projectId: string, query: ContentQuery): Promise<Content> {
    const path = cleanPath(query.path);
    const project = await this.lookup.project(organizationId, projectId);
    const branch = query.branch ?? project.productionBranch;
    const { commit, tree } = await this.snapshots.ofBranch(project, branch);
    const objects = this.store.repository(project.repositoryId);
    const inRepository = pathInRepository(project, path);
    const entry = await entryAt(objects, tree, inRepository);
    if (!entry) throw new NotFoundError(`Branch "${branch}" has nothing at "${inRepository}".`);
    return { branch, commit, path, ...(await contentOf(objects, entry, path)) };
  }
}

/** @throws InvalidInputError if the path is not below the root folder */
export function cleanPath(path: string): string {
  const clean = path.replace(/^\/+|(?<!\/)\/+$/g, '');
  if (clean !== '' && clean.split('/').some((name) => ['', '.', '..'].includes(name))) {
    const message = 'The path must be inside the project’s root folder, such as guides/start.md.';
    throw new InvalidInputError(message, [{ path: 'path', message }]);
  }
  return clean;
}

/** @param path below the root folder of the project */
export function pathInRepository({ rootFolder }: ProjectEntity, path: string): string {
  return [rootFolder, path].filter((part) => part !== '').join('/');
}

type Place = Pick<TreeEntry, 'mode' | 'id'>;

async function entryAt(objects: RepositoryObjects, tree: string, path: string): Promise<Place | null> {
  return path === '' ? { mode: '040000', id: tree } : objects.readPath(tree, path);
}

async function contentOf(objects: RepositoryObjects, { mode, id }: Place, path: string) {
  const kind = kinds[mode];
  if (isTreeMode(mode)) return { kind, entries: entriesOf(await objects.readTree(id), path) };
  // The commit of a submodule is in another repository.
  if (kind === 'submodule') return { kind };
  const bit = kind === 'file' ? { executable: mode === '100755' } : {};
  return { kind, ...(await readShownFile(objects, id)), ...bit };
}

/** Folders first, then files, each sorted by name. */
function entriesOf(entries: readonly TreeEntry[], path: string): Content['entries'] {
  const prefix = path === '' ? '' : `${path}/`;
  const views = entries.map(({ name, mode }) => ({ name, path: `${prefix}${name}`, kind: kinds[mode] }));
  const rank = (kind: Kind) => (kind === 'folder' ? 0 : 1);
  return views.sort((a, b) => rank(a.kind) - rank(b.kind) || (a.name < b.name ? -1 : 1));
}
