import type { Readable } from 'node:stream';

export interface StoredBlob {
  /** Name in its folder. */
  readonly name: string;
  /** Changes if the blob is replaced by another one of the same name. */
  readonly version: string;
  readonly bytes: number;
  /** Time of its last write, by the clock of the storage. */
  readonly modified: Date;
}

/**
 * Stores blobs in a folder or in an object store. Paths are relative, with `/`, and consist of names that the caller
 * generates. The operations are those that both kinds of storage can do: there is no rename, no append, and a folder
 * exists as long as it has a blob. A read or a list that starts after a write has resolved finds what was written.
 */
export interface BlobStorage {
  /** The blobs directly in a folder, in no particular order; none if it does not exist. */
  list(folder: string): Promise<StoredBlob[]>;
  /** Names of the folders directly in a folder. Default: the top-level folders. */
  folders(folder?: string): Promise<string[]>;
  /** Returns null if the blob does not exist. */
  head(path: string): Promise<StoredBlob | null>;
  /** Returns null if the blob does not exist. */
  read(path: string): Promise<Buffer | null>;
  /** Returns fewer bytes if the blob ends earlier; null if it does not exist. */
  readRange(path: string, offset: number, length: number): Promise<Buffer | null>;
  /** As {@link readRange}, for ranges that are too large for memory. Destroy the stream if it is not read to its end. */
  stream(path: string, offset: number, length: number): Promise<Readable | null>;
  /** Durable when it resolves; until then, the blob is unchanged. */
  write(path: string, content: Buffer | AsyncIterable<Buffer>): Promise<void>;
  /** As {@link write}, but returns false if the blob exists: one of several concurrent calls succeeds. */
  create(path: string, content: Buffer): Promise<boolean>;
  /** As {@link write}, with the content of a local file, which may be moved. Does not follow a symbolic link. */
  writeFile(path: string, file: string): Promise<void>;
  /** Returns the path of a new local file, which the caller creates and removes. {@link writeFile} moves it cheaply. */
  temporaryFile(): Promise<string>;
  /** Idempotent. */
  remove(path: string): Promise<void>;
  /** Removes the blobs of a folder and of the folders below it. Idempotent. */
  removeFolder(folder: string): Promise<void>;
  /** Removes partial writes and removals of processes that died, if they are older than `before`. */
  removeLeftovers(before: Date): Promise<void>;
  close(): Promise<void>;
}
