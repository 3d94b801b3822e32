import type { BareRepository } from './bare-repository.js';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  /** In Git's format: `+0200`. */
  readonly zone: string;
}

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Reads commits with one Git process. Returns them in the order of `ids`. */
export async function readCommits(repository: BareRepository, shas: readonly string[]): Promise<CommitObject[]> {
  if (shas.length === 0) return [];
  const output = await repository.run(['cat-file', '--batch'], shas.map((sha) => `${sha}\n`).join(''));
  const commits: CommitObject[] = [];
  let offset = 0;
  for (const sha of shas) {
    const lineEnd = output.indexOf(10, offset);
    const [, type, size] = output.toString('utf8', offset, lineEnd).split(' ');
    if (type !== 'commit' || size === undefined) throw new Error(`${sha} is not a commit of ${repository.directory}`);
    const end = lineEnd + 1 + Number(size);
    commits.push(parseCommit(sha, output.toString('utf8', lineEnd + 1, end)));
    offset = end + 1;
  }
  return commits;
}

export async function readCommit(repository: BareRepository, sha: string): Promise<CommitObject> {
  const [commit] = await readCommits(repository, [sha]);
  if (!commit) throw new Error(`${sha} is not a commit of ${repository.directory}`);
  return commit;
}

function parseCommit(sha: string, text: string): CommitObject {
  const headEnd = text.indexOf('\n\n');
  const headers = (headEnd < 0 ? text : text.slice(0, headEnd)).split('\n');
  const values = (key: string) =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    sha,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseSignature(values('author')[0] ?? ''),
    committer: parseSignature(values('committer')[0] ?? ''),
    message: headEnd < 0 ? '' : text.slice(headEnd + 2).trimEnd(),
  };
}

function parseSignature(line: string): Signature {
  const match = /^([^<]*)<([^>]*)> (-?\d+) ([+-]\d{4})$/.exec(line);
  const [, name = '', email = '', seconds = '0', zone = '+0000'] = match ?? [];
  return { name: name.trimEnd(), email, seconds: Number(seconds), zone };
}

/** Format of REST: UTC. */
export function utcTime(signature: Signature): string {
  return `${new Date(signature.seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Format of webhook payloads: with the author's offset. */
export function zonedTime({ seconds, zone }: Signature): string {
  const minutes = Number(zone.slice(0, 1) + '1') * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
  return `${local}${zone.slice(0, 3)}:${zone.slice(3)}`;
}
