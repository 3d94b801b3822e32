import type { Readable } from 'node:stream';
import type { BlobStorage } from '@reunite/blob-storage';
import { contentHash } from './content-hash.js';
import { DamagedFileError } from './damaged-file.error.js';
import { decodeManifest, type Manifest, type Place } from './manifest.js';
import { manifestPath, packPathOf } from './site-paths.js';

/** A file of a site. */
export interface ArchivedFile {
  /** Identifies the content among all sites: files with equal ids have equal content. */
  readonly id: string;
  /** A strong validator for HTTP, unique among the versions of a file. */
  readonly etag: string;
  readonly bytes: number;
  /**
   * The whole content.
   *
   * @returns null if its pack is missing
   * @throws DamagedFileError
   */
  read(): Promise<Buffer | null>;
  /** A part of the content, which is not verified. Returns null if its pack is missing. */
  stream(start: number, length: number): Promise<Readable | null>;
}

interface StoredPlace extends Place {
  readonly packPath: string;
  readonly packBytes: number | null;
}

/** The site of a deployment. Neither the site nor its packs change. */
export class SiteArchive {
  private readonly folders: ReadonlySet<string>;

  private constructor(
    private readonly storage: BlobStorage,
    private readonly deploymentId: string,
    private readonly manifest: Manifest,
    /** Identifies the stored manifest. */
    readonly version: string,
    /** Size of the stored manifest. */
    readonly manifestBytes: number,
  ) {
    this.folders = foldersOf(manifest.files.keys());
  }

  /** @returns null if the deployment has no readable manifest */
  static async open(storage: BlobStorage, deploymentId: string): Promise<SiteArchive | null> {
    const version = await SiteArchive.versionOf(storage, deploymentId);
    const text = version === null ? null : await storage.read(manifestPath(deploymentId));
    const manifest = text === null ? null : decodeManifest(text.toString());
    if (manifest === null || text === null || version === null) return null;
    return new SiteArchive(storage, deploymentId, manifest, version, text.length);
  }

  /** Changes when the site of the deployment is replaced. Null if it has none. */
  static async versionOf(storage: BlobStorage, deploymentId: string): Promise<string | null> {
    return (await storage.head(manifestPath(deploymentId)))?.version ?? null;
  }

  /** True if files of the site are below the path. */
  hasFolder(path: string): boolean {
    return this.folders.has(path);
  }

  hasFile(path: string): boolean {
    return this.manifest.files.has(path);
  }

  paths(): IterableIterator<string> {
    return this.manifest.files.keys();
  }

  /** Does not read the storage. Returns null if the site has no such file. */
  file(path: string): ArchivedFile | null {
    const place = this.manifest.files.get(path);
    const pack = place && this.manifest.packs[place.pack];
    if (!place || !pack) return null;
    const { offset, bytes, hash } = place;
    const packPath = packPathOf(this.manifest, pack, this.deploymentId);
    const id = `${packPath}+${offset}+${bytes}`;
    return {
      id: hash === '' ? id : `${this.manifest.projectId ?? this.deploymentId}/${hash}`,
      etag: hash === '' ? `${pack.id}-${offset.toString(36)}-${bytes.toString(36)}` : hash,
      bytes,
      read: () => this.readPlace({ ...place, packPath, packBytes: pack.bytes }, path),
      stream: (start, length) => this.storage.stream(packPath, offset + start, length),
    };
  }

  /** The content of a file; null if the site has no such file or its pack is missing. @throws DamagedFileError */
  async read(path: string): Promise<Buffer | null> {
    return (await this.file(path)?.read()) ?? null;
  }

  private async readPlace(place: StoredPlace, path: string): Promise<Buffer | null> {
    const { packPath, offset, bytes, hash } = place;
    // Places of version 1 were not checked when they were stored, and must not ask for more memory than the pack has.
    const packBytes = place.packBytes ?? (await this.storage.head(packPath))?.bytes ?? 0;
    if (offset + bytes > packBytes) return null;
    const content = await this.storage.readRange(packPath, offset, bytes);
    const isDamaged = content && (content.length < bytes || (hash !== '' && contentHash(content) !== hash));
    if (isDamaged) throw new DamagedFileError(packPath, path);
    return content;
  }
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      // Those above are known as well then.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
