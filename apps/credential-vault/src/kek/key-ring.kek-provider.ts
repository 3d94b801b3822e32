import { open, pack, seal, unpack } from '../crypto/aes-gcm.js';
import { canonical } from '../crypto/canonical.js';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { currentOf } from './key-ring.js';
import type { KeyRing } from './key-ring.js';
import { WrongKekError } from './wrong-kek.error.js';

/** Maximum age of the loaded ring in ms: rotation adds versions and destruction removes them while the vault runs. */
const MAX_AGE_MS = 1_000;

/** Keeps the KEK of a key file or an environment variable in memory. */
export class KeyRingKekProvider implements KekProvider {
  private id = '';
  // eslint-disable-next-line no-restricted-syntax -- key-encryption keys are secret
  #keys: ReadonlyMap<number, Buffer> = new Map();
  private currentVersion = 0;
  private loadedAt = 0;

  private constructor(private readonly load: () => Promise<KeyRing>) {}

  /** @param load reads the key ring, and again when it lacks a requested version */
  static async open(load: () => Promise<KeyRing>): Promise<KeyRingKekProvider> {
    const provider = new KeyRingKekProvider(load);
    await provider.reload();
    return provider;
  }

  knows({ kekId, kekVersion }: KekReference): boolean {
    return kekId === this.id && this.#keys.has(kekVersion);
  }

  async current(): Promise<KekReference> {
    await this.reload();
    return { kekId: this.id, kekVersion: this.currentVersion };
  }

  async wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    await this.reloadIfStale();
    const kek = { kekId: this.id, kekVersion: this.currentVersion };
    const box = seal(this.key(kek), dek, wrapData(kek, associatedData));
    return { ...kek, wrappedDek: pack(box) };
  }

  async unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    await this.reloadIfStale();
    // Another replica or a rotation may already wrap with a newer version than the loaded ring has.
    if (wrapped.kekId === this.id && !this.#keys.has(wrapped.kekVersion)) await this.reload();
    return open(this.key(wrapped), unpack(wrapped.wrappedDek), wrapData(wrapped, associatedData));
  }

  /** Keeps the loaded ring if it cannot be read, e.g. while the file is replaced. */
  private async reloadIfStale(): Promise<void> {
    if (Date.now() - this.loadedAt > MAX_AGE_MS) await this.reload().catch(() => undefined);
  }

  private async reload(): Promise<void> {
    this.loadedAt = Date.now();
    const ring = await this.load();
    const before = this.#keys;
    this.id = ring.id;
    this.#keys = new Map(ring.keys.map(({ version, key }) => [version, Buffer.from(key, 'base64')]));
    this.currentVersion = currentOf(ring);
    for (const key of before.values()) key.fill(0);
  }

  private key(kek: KekReference): Buffer {
    const key = kek.kekId === this.id ? this.#keys.get(kek.kekVersion) : undefined;
    if (!key) throw new WrongKekError(`The key ring has no KEK ${kek.kekId} version ${kek.kekVersion}.`);
    return key;
  }
}

function wrapData({ kekId, kekVersion }: KekReference, associatedData: Buffer): Buffer {
  return canonical('reunite/wrapped-dek/1', [kekId, kekVersion, associatedData.toString('hex')]);
}
