import { randomBytes } from 'node:crypto';
import { open as openFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { open, pack, seal, unpack } from './aes-gcm.js';
import { canonical } from './canonical.js';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekError } from './kek.error.js';

const KEY_BYTES = 32;

const keyFileSchema = z.object({
  id: z.string().min(1),
  /** Older versions stay until nothing is wrapped by them; the newest wraps. */
  keys: z
    .array(z.object({ version: z.int().positive(), key: z.base64().length(44) }))
    .min(1)
    .refine((keys) => new Set(keys.map(({ version }) => version)).size === keys.length, 'a version appears twice'),
});
type KeyFile = z.output<typeof keyFileSchema>;

/** Keeps the KEK in a JSON file that only the vault's user can read: `{ id, keys: [{ version, key }] }`. */
export class KeyFileKekProvider implements KekProvider {
  readonly #id: string;
  readonly #keys: ReadonlyMap<number, Buffer>;
  readonly #current: number;

  private constructor(file: KeyFile) {
    this.#id = file.id;
    this.#keys = new Map(file.keys.map(({ version, key }) => [version, Buffer.from(key, 'base64')]));
    this.#current = Math.max(...this.#keys.keys());
  }

  /**
   * @param mayCreate makes the file, mode 0600, if it is missing: only while nothing is encrypted yet
   * @throws KekError if the file is missing, readable by others, or no key file
   */
  static async open(path: string, mayCreate: boolean): Promise<KeyFileKekProvider> {
    let handle: FileHandle;
    try {
      handle = await openFile(path, 'r');
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw new KekError(`The key file ${path} cannot be read.`, { cause: error });
      if (!mayCreate) {
        throw new KekError(`The key file ${path} is missing, and the database holds credentials. Restore the file.`);
      }
      return new KeyFileKekProvider(await createKeyFile(path));
    }
    try {
      const { mode } = await handle.stat();
      if ((mode & 0o077) !== 0) {
        throw new KekError(`The key file ${path} can be read by others than its owner. Run: chmod 600 ${path}`);
      }
      return new KeyFileKekProvider(parseKeyFile(await handle.readFile('utf8'), path));
    } finally {
      await handle.close();
    }
  }

  knows({ kekId, kekVersion }: KekReference): boolean {
    return kekId === this.#id && this.#keys.has(kekVersion);
  }

  wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    const kek = { kekId: this.#id, kekVersion: this.#current };
    const box = seal(this.#key(kek), dek, wrapData(kek, associatedData));
    return Promise.resolve({ ...kek, wrappedDek: pack(box) });
  }

  unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    const key = this.#key(wrapped);
    return Promise.resolve(open(key, unpack(wrapped.wrappedDek), wrapData(wrapped, associatedData)));
  }

  #key(kek: KekReference): Buffer {
    const key = kek.kekId === this.#id ? this.#keys.get(kek.kekVersion) : undefined;
    if (!key) throw new KekError(`The key file has no KEK ${kek.kekId} version ${kek.kekVersion}.`);
    return key;
  }
}

function wrapData({ kekId, kekVersion }: KekReference, associatedData: Buffer): Buffer {
  return canonical('reunite/wrapped-dek/1', [kekId, kekVersion, associatedData.toString('hex')]);
}

async function createKeyFile(path: string): Promise<KeyFile> {
  const file: KeyFile = {
    id: `kek-${randomBytes(8).toString('hex')}`,
    keys: [{ version: 1, key: randomBytes(KEY_BYTES).toString('base64') }],
  };
  // `wx`: of two vaults that start at once, one fails instead of encrypting with a key that is then overwritten.
  const handle = await openFile(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return file;
}

/** The parser's own message could quote the file, so it is not passed on. */
function parseKeyFile(text: string, path: string): KeyFile {
  try {
    return keyFileSchema.parse(JSON.parse(text));
  } catch {
    throw new KekError(
      `The key file ${path} is not a key file: { "id", "keys": [{ "version", "key": 32 bytes base64 }] }.`,
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
