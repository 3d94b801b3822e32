export interface StoredFile {
  readonly name: string;
  /** Differs when a file of this name was removed and written anew. */
  readonly version: string;
}

/**
 * What the store needs of a place for files: few enough operations for a folder and for an object store. Paths are relative, with `/`,
 * made of names that the store itself chose.
 */
export interface PackStorage {
  /** The files directly in a folder; none when there is no such folder. */
  list(folder: string): Promise<StoredFile[]>;
  /** Null when there is no such file. */
  read(path: string): Promise<Buffer | null>;
  /** Less than asked for when the file ends before; null when there is no such file. */
  readRange(path: string, offset: number, length: number): Promise<Buffer | null>;
  /** Durable when it resolves; before, the file is not there or as it was. */
  write(path: string, content: Buffer): Promise<void>;
  /** As {@link write}, but false and without effect when the file exists: of many at once, one succeeds. */
  create(path: string, content: Buffer): Promise<boolean>;
  remove(path: string): Promise<void>;
  removeFolder(folder: string): Promise<void>;
  /** The folders at the top. */
  folders(): Promise<string[]>;
  /** Removes what was being written or removed when a process died, if it is older than `before`. */
  removeLeftovers(before: Date): Promise<void>;
  close(): Promise<void>;
}
