import type { CommitObject } from '@reunite/ghes-client';
import { hashObject } from '@reunite/git-objects';

/** Offsets from UTC that are or were in use since 1970, in git's format. */
const HOURS = Array.from({ length: 27 }, (_, index) => index - 12);
const ZONES: readonly string[] = [
  ...HOURS.map((hour) => `${hour < 0 ? '-' : '+'}${String(Math.abs(hour)).padStart(2, '0')}00`),
  ...['-0000', '-0930', '-0330', '-0230', '+0330', '+0430', '+0530', '+0545', '+0630', '+0845', '+0930', '+1030'],
  ...['+1245', '+1345'],
];
/** Ends of messages, which the API removes. */
const ENDINGS = ['\n', '', '\n\n'];
/** A long message costs this much hashing at most. */
const MAX_HASHED_BYTES = 32 * 1024 ** 2;

/**
 * Rebuilds the body of a commit object from the REST API, which converts times to UTC and trims the message: tries the
 * possible time zones and endings until the hash is the id. A signed commit is in the response as it was signed.
 *
 * @returns null if no body matches the id, for example because the commit has an `encoding` or `mergetag` header
 */
export function rebuildCommit(id: string, commit: CommitObject): Buffer | null {
  let hashed = 0;
  for (const text of candidates(commit)) {
    const body = Buffer.from(text);
    if (hashObject('commit', body) === id) return body;
    hashed += body.length;
    if (hashed > MAX_HASHED_BYTES) return null;
  }
  return null;
}

function* candidates(commit: CommitObject): Generator<string> {
  const { payload, signature } = commit.verification ?? {};
  if (typeof payload === 'string' && typeof signature === 'string') yield* signed(payload, signature);
  for (const ending of ENDINGS) for (const zone of ZONES) yield unsigned(commit, [zone, zone], ending);
  for (const ending of ENDINGS) {
    for (const author of ZONES) for (const committer of ZONES) yield unsigned(commit, [author, committer], ending);
  }
}

/** Adds the signature as the last header: https://git-scm.com/docs/signature-format */
function* signed(payload: string, signature: string): Generator<string> {
  const end = payload.indexOf('\n\n');
  if (end < 0) return;
  const trimmed = signature.trimEnd();
  for (const text of [signature, trimmed, `${trimmed}\n`]) {
    yield `${payload.slice(0, end)}\ngpgsig ${text.replaceAll('\n', '\n ')}${payload.slice(end)}`;
  }
}

function unsigned(commit: CommitObject, [author, committer]: [string, string], ending: string): string {
  const line = ({ name, email, date }: CommitObject['author'], zone: string) =>
    `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${zone}`;
  return [
    `tree ${commit.tree.sha}`,
    ...commit.parents.map(({ sha }) => `parent ${sha}`),
    `author ${line(commit.author, author)}`,
    `committer ${line(commit.committer, committer)}`,
    '',
    `${commit.message}${ending}`,
  ].join('\n');
}
