import type { KnownSecret } from '../simulator.client.js';
import { encodingsOf } from './encodings.js';

/** Candidates are looked up by this many first bytes before they are compared as a whole. */
const KEY = 8;
const BITS = 20;

/** Searches for many secrets in one pass over the bytes. */
export class SecretSearch {
  private readonly starts = new Uint8Array(1 << BITS);
  private readonly byKey = new Map<string, { kind: string; bytes: Buffer }[]>();
  /** Number of bytes of a block that must be searched again together with the next block. */
  readonly overlap: number;

  constructor(secrets: readonly KnownSecret[]) {
    let longest = KEY;
    for (const secret of secrets) {
      for (const bytes of encodingsOf(secret)) {
        if (bytes.length < KEY) throw new Error(`A secret of kind ${secret.kind} is too short to search for.`);
        longest = Math.max(longest, bytes.length);
        this.starts[startOf(bytes.readUInt32BE())] = 1;
        const key = bytes.toString('latin1', 0, KEY);
        this.byKey.set(key, [...(this.byKey.get(key) ?? []), { kind: secret.kind, bytes }]);
      }
    }
    this.overlap = longest - 1;
  }

  /** Kinds of the secrets that the block contains. */
  kindsIn(block: Buffer): string[] {
    const kinds = new Set<string>();
    let word = 0;
    for (let end = 0; end < block.length; end += 1) {
      // `word` contains the last four bytes. This check rejects nearly all positions, so it must be cheap.
      word = (word << 8) | block[end]!;
      if (this.starts[startOf(word)] === 0 || end < 3) continue;
      const at = end - 3;
      const candidates = this.byKey.get(block.toString('latin1', at, at + KEY)) ?? [];
      for (const { kind, bytes } of candidates) {
        if (block.subarray(at, at + bytes.length).equals(bytes)) kinds.add(kind);
      }
    }
    return [...kinds];
  }
}

function startOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - BITS);
}
