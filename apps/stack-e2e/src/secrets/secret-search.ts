import type { GivenSecret } from '../simulator.client.js';
import { spellings } from './spellings.js';

/** Spellings are told apart by this many first bytes before they are compared whole. */
const KEY = 8;
const BITS = 20;

/** Looks for many secrets in one pass over the bytes. */
export class SecretSearch {
  private readonly starts = new Uint8Array(1 << BITS);
  private readonly byKey = new Map<string, { kind: string; bytes: Buffer }[]>();
  /** How much of one block has to be seen again with the next one. */
  readonly overlap: number;

  constructor(secrets: readonly GivenSecret[]) {
    let longest = KEY;
    for (const secret of secrets) {
      for (const bytes of spellings(secret)) {
        if (bytes.length < KEY) throw new Error(`A secret of kind ${secret.kind} is too short to be looked for.`);
        longest = Math.max(longest, bytes.length);
        this.starts[startOf(bytes.readUInt32BE())] = 1;
        const key = bytes.toString('latin1', 0, KEY);
        this.byKey.set(key, [...(this.byKey.get(key) ?? []), { kind: secret.kind, bytes }]);
      }
    }
    this.overlap = longest - 1;
  }

  /** The kinds of the secrets that are in there; never the secrets. */
  kindsIn(block: Buffer): string[] {
    const found = new Set<string>();
    let word = 0;
    for (let end = 0; end < block.length; end += 1) {
      // The last four bytes. Of some hundred megabytes nearly all stop here, so this is all that happens to a byte.
      word = (word << 8) | block[end]!;
      if (this.starts[startOf(word)] === 0 || end < 3) continue;
      const at = end - 3;
      const candidates = this.byKey.get(block.toString('latin1', at, at + KEY)) ?? [];
      for (const { kind, bytes } of candidates) {
        if (block.subarray(at, at + bytes.length).equals(bytes)) found.add(kind);
      }
    }
    return [...found];
  }
}

function startOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - BITS);
}
