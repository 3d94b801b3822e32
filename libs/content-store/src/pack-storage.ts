export interface StoredFile {
  readonly name: string;
  /** Changes if the file is replaced by another one of the same name. */
  readonly version: string;
}

/**
 * The file storage of the content store: few operations, so that a folder and an object store can implement it. Paths
 * are relative, with `/`, and consist of names that the store generates.
 */
export interface PackStorage {
  /** The files directly in a folder; none if it does not exist. */
  list(folder: string): Promise<StoredFile[]>;
  /** Returns null if the file does not exist. */
  read(path: string): Promise<Buffer | null>;
  /** Returns fewer bytes if the file ends earlier; null if it does not exist. */
  readRange(path: string, offset: number, length: number): Promise<Buffer | null>;
  /** Durable when it resolves; until then, the file is unchanged. */
  write(path: string, content: Buffer): Promise<void>;
  /** As {@link write}, but returns false if the file exists: one of several concurrent calls succeeds. */
  create(path: string, content: Buffer): Promise<boolean>;
  remove(path: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  /** The top-level folders. */
  folders(): Promise<string[]>;
  /** Removes partial writes and removals of processes that died, if they are older than `before`. */
  removeLeftovers(before: Date): Promise<void>;
  close(): Promise<void>;
}
