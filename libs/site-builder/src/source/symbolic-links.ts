import { resolveReference } from '../links/links.rules.js';
import type { SourceFile } from '../site-builder.js';
import { isHidden } from './paths.rules.js';

/** Links that are followed. Further ones are skipped. */
const MAX_LINKS = 1_000;
/** Files that links to folders add. */
const MAX_LINKED_FILES = 10_000;
/** As Linux: longer chains are taken for cycles (https://man7.org/linux/man-pages/man7/path_resolution.7.html). */
const MAX_CHAIN = 40;
const LEAVES_ROOT = 'it is a symbolic link that leads out of the folder';
/** In bytes. */
const MAX_TARGET = 4096;

export interface FollowedLinks {
  /** The targets under the paths of the links. */
  readonly files: readonly SourceFile[];
  /** Why the other links are not followed, by path. */
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Follows symbolic links to files and folders of the snapshot. Nothing is read from the file system: a target is looked
 * up among the files of the snapshot, so that a link cannot lead out of it. Links inside of linked folders are not
 * followed, which would be endless for a link to a folder above.
 */
export async function followLinks(
  links: ReadonlyMap<string, SourceFile>,
  sources: ReadonlyMap<string, SourceFile>,
): Promise<FollowedLinks> {
  const follower = new LinkFollower(links, sources);
  for (const path of links.keys()) await follower.follow(path);
  return follower;
}

class LinkFollower implements FollowedLinks {
  readonly files: SourceFile[] = [];
  readonly skipped = new Map<string, string>();
  private readonly targets = new Map<string, string | undefined>();
  private sorted: readonly string[] | undefined;

  constructor(
    private readonly links: ReadonlyMap<string, SourceFile>,
    private readonly sources: ReadonlyMap<string, SourceFile>,
  ) {}

  async follow(link: string): Promise<void> {
    let path: string | undefined = link;
    for (let step = 0; step < MAX_CHAIN && path !== undefined && this.links.has(path); step += 1) {
      path = await this.targetOf(path);
    }
    const reason = this.rejectionOf(path);
    const target = path === undefined ? undefined : this.sources.get(path);
    if (path === undefined || reason !== undefined) this.skip(link, reason ?? LEAVES_ROOT);
    else if (target) this.files.push({ ...target, path: link });
    else this.addFolder(link, path);
  }

  private rejectionOf(target: string | undefined): string | undefined {
    if (target === undefined) return LEAVES_ROOT;
    if (this.links.has(target)) return 'it is a symbolic link that leads to itself';
    return isHidden(target) ? 'it is a symbolic link to a hidden file' : undefined;
  }

  private addFolder(link: string, folder: string): void {
    const prefix = folder === '' ? '' : `${folder}/`;
    const below = `${link}/`.startsWith(prefix) ? [] : this.pathsBelow(prefix);
    if (below.length === 0) this.skip(link, 'it is a symbolic link without a target in the folder');
    else if (this.files.length + below.length > MAX_LINKED_FILES) {
      const reason = `it is a symbolic link to a folder, and links lead to more than ${MAX_LINKED_FILES} files`;
      this.skip(link, reason);
    } else this.addFiles(link, prefix, below);
  }

  private addFiles(link: string, prefix: string, paths: readonly string[]): void {
    for (const path of paths) {
      const target = this.sources.get(path);
      if (target) this.files.push({ ...target, path: `${link}/${path.slice(prefix.length)}` });
    }
  }

  private pathsBelow(prefix: string): readonly string[] {
    this.sorted ??= [...this.sources.keys()].sort();
    const first = lowerBound(this.sorted, prefix);
    const below: string[] = [];
    for (let at = first; this.sorted[at]?.startsWith(prefix) === true; at += 1) {
      if (below.push(this.sorted[at] ?? '') > MAX_LINKED_FILES) break;
    }
    return below;
  }

  private async targetOf(path: string): Promise<string | undefined> {
    if (this.targets.has(path)) return this.targets.get(path);
    const target = this.targets.size < MAX_LINKS ? await this.readTarget(path) : undefined;
    this.targets.set(path, target);
    return target;
  }

  private async readTarget(path: string): Promise<string | undefined> {
    const file = this.links.get(path);
    if (file === undefined || (file.size ?? 0) > MAX_TARGET) return undefined;
    const bytes = await file.read();
    const written = bytes.toString('utf8');
    // An absolute target belongs to the machine of the author, although a leading slash means the root in a link of a
    // page.
    if (bytes.length === 0 || bytes.length > MAX_TARGET || written.startsWith('/')) return undefined;
    const reference = resolveReference(written.split('/').map(encodeURIComponent).join('/'), path);
    return reference.kind === 'path' ? reference.path : undefined;
  }

  private skip(path: string, reason: string): void {
    this.skipped.set(path, reason);
  }
}

/** The position of the first path that is not before `prefix`. */
function lowerBound(sorted: readonly string[], prefix: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return low;
}
