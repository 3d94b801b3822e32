import { assertObjectId } from './object.js';
import type { ObjectId } from './object.js';
import { commandRequest } from './protocol-v2.js';

export interface FetchOptions {
  /** Commits to fetch: any that the server has, not only heads. */
  readonly wants: readonly ObjectId[];
  /** Commits whose complete snapshot is stored here; the server omits their objects. */
  readonly haves?: readonly ObjectId[];
  /** Commits that are stored without their parents. A client of depth 1 lists every `have` here too. */
  readonly shallow?: readonly ObjectId[];
  /** Number of commits of history: 1 for the wanted commits alone. Default: all. */
  readonly depth?: number;
  /** Allows deltas whose base is in `haves` and not in the pack. Default: true. */
  readonly thinPack?: boolean;
  /** Allows deltas that identify their base by its offset in the pack, which is shorter. Default: true. */
  readonly ofsDelta?: boolean;
}

/**
 * The body of one stateless POST that fetches commits. With `wants: [new], haves: [old], shallow: [old], depth: 1`, the
 * response contains only the difference of the two snapshots, however many commits are between them.
 *
 * @throws MalformedObjectError for an invalid object id
 */
export function fetchRequest(options: FetchOptions): Buffer {
  const { wants, haves = [], shallow = [], depth, thinPack = true, ofsDelta = true } = options;
  return commandRequest('fetch', [
    ...(thinPack ? ['thin-pack'] : []),
    'no-progress',
    ...(ofsDelta ? ['ofs-delta'] : []),
    ...shallow.map((id) => `shallow ${assertObjectId(id)}`),
    ...(depth === undefined ? [] : [`deepen ${depth}`]),
    ...wants.map((id) => `want ${assertObjectId(id)}`),
    ...haves.map((id) => `have ${assertObjectId(id)}`),
    'done',
  ]);
}
