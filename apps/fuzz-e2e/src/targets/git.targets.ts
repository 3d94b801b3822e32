import {
  applyDelta,
  deltaResultSize,
  encodePack,
  encodePacket,
  LimitExceededError,
  MalformedObjectError,
  MemorySpool,
  MissingDeltaBaseError,
  parseCapabilityAdvertisement,
  parseCommit,
  parseLsRefs,
  parseTree,
  readPack,
  readPackfile,
  RemoteGitError,
} from '@reunite/git-objects';
import fc from 'fast-check';
import { mutated } from '../mutations.js';
import { acceptsOrRejects } from '../target.js';
import type { FuzzTarget } from '../target.js';

const COMMIT = `tree ${'a'.repeat(40)}
parent ${'b'.repeat(40)}
author Mona Lisa <mona@example.com> 1790000000 +0200
committer Mona Lisa <mona@example.com> 1790000000 +0200

Say hello
`;

const TREE = Buffer.concat([
  Buffer.from('100644 a.md\0'),
  Buffer.alloc(20, 7),
  Buffer.from('40000 docs\0'),
  Buffer.alloc(20, 9),
]);

/** A delta that copies ten bytes and inserts three. */
const DELTA = Buffer.from([0x64, 0x0d, 0x91, 0x00, 0x0a, 0x03, 0x61, 0x62, 0x63]);

const objects = fc.array(
  fc.record({
    type: fc.constantFrom('blob' as const, 'tree' as const, 'commit' as const),
    body: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);

const LIMITS = { objectBytes: 1_048_576, inflatedBytes: 8_388_608 };

/** Every way in which the parsers of git data reject input. */
function isRejection(error: unknown): boolean {
  return [LimitExceededError, MalformedObjectError, MissingDeltaBaseError, RemoteGitError].some(
    (Rejection) => error instanceof Rejection,
  );
}

function parser(name: string, valid: fc.Arbitrary<Buffer>, parse: (body: Buffer) => unknown): FuzzTarget {
  return {
    name,
    property: () => fc.asyncProperty(mutated(valid), (body) => acceptsOrRejects(() => parse(body), isRejection)),
  };
}

/** Asks for the size first, as the reader of packs does before it takes the memory. */
function applySmallDelta(delta: Buffer): void {
  if (deltaResultSize(delta) <= LIMITS.objectBytes) applyDelta(Buffer.alloc(100, 'x'), delta);
}

async function readWholePack(pack: Buffer): Promise<void> {
  for await (const { size } of readPack([pack], { limits: LIMITS, spool: new MemorySpool() })) if (size < 0) return;
}

async function readWholePackfile(response: Buffer): Promise<void> {
  for await (const piece of readPackfile([response])) if (piece.length > response.length) return;
}

const packets = fc
  .array(
    fc.oneof(fc.constantFrom(...[`${'a'.repeat(40)} refs/heads/main\n`, 'packfile\n', '\u0001PACK', 'ERR no\n'])),
    {
      maxLength: 6,
    },
  )
  .map((lines) => Buffer.concat([...lines.map((line) => encodePacket(line)), Buffer.from('0000')]));

export const gitTargets: readonly FuzzTarget[] = [
  parser(
    'git-pack',
    objects.map((some) => encodePack(some).pack),
    readWholePack,
  ),
  parser('git-commit', fc.constant(Buffer.from(COMMIT)), parseCommit),
  parser('git-tree', fc.constant(TREE), parseTree),
  parser('git-delta', fc.constant(DELTA), applySmallDelta),
  parser('git-ls-refs', packets, parseLsRefs),
  parser('git-fetch-response', packets, readWholePackfile),
  parser('git-capabilities', packets, parseCapabilityAdvertisement),
];
