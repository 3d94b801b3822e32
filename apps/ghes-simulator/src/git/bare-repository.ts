import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Git } from './git.js';
import { isObjectId, isRefName } from './names.js';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface Ref {
  readonly name: string;
  readonly sha: string;
}

export interface RefUpdate {
  readonly name: string;
  /** `undefined` deletes the ref. */
  readonly to: string | undefined;
  /** Expected current value; the update fails otherwise. The zero id: the ref must not exist. */
  readonly from?: string;
}

/** A bare repository on disk. All answers come from Git. */
export class BareRepository {
  constructor(
    private readonly git: Git,
    readonly directory: string,
  ) {}

  run(args: readonly string[], input?: string | Buffer, environment?: NodeJS.ProcessEnv): Promise<Buffer> {
    return this.git.run(['--git-dir', this.directory, ...args], input, environment);
  }

  async text(args: readonly string[], input?: string | Buffer): Promise<string> {
    return (await this.run(args, input)).toString('utf8').trimEnd();
  }

  spawn(args: readonly string[], environment?: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
    return this.git.spawn(args, environment);
  }

  async create(defaultBranch: string): Promise<void> {
    await this.git.run(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '--', this.directory]);
  }

  async setHead(branch: string): Promise<void> {
    await this.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  }

  /** Refs under the prefixes, sorted by name. */
  async refs(...prefixes: string[]): Promise<Ref[]> {
    const output = await this.text(['for-each-ref', '--format=%(objectname) %(refname)', '--', ...prefixes]);
    if (output === '') return [];
    return output.split('\n').map((line) => ({ sha: line.slice(0, 40), name: line.slice(41) }));
  }

  /** The object that a ref, given by its full name, points to. */
  async refAt(name: string): Promise<string | undefined> {
    if (!isRefName(name)) return undefined;
    return (await this.refs(name)).find((ref) => ref.name === name)?.sha;
  }

  /** Applies all updates or none. */
  async updateRefs(updates: readonly RefUpdate[]): Promise<void> {
    const lines = updates.map(({ name, to, from }) =>
      to === undefined ? `delete ${name}\0${from ?? ''}\0` : `update ${name}\0${to}\0${from ?? ''}\0`,
    );
    await this.run(['update-ref', '--stdin', '-z'], lines.join(''));
  }

  /**
   * Resolves a full or abbreviated object id, a full ref, a branch or a tag. The name is passed through stdin, so Git
   * cannot interpret it as an option or an expression.
   */
  async resolve(name: string, type: ObjectType = 'commit'): Promise<string | undefined> {
    const candidates = isObjectId(name)
      ? [name]
      : isRefName(name)
        ? [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]
        : [];
    // Git knows special names such as FETCH_HEAD; only HEAD is served.
    const asked = candidates.filter((item) => item.startsWith('refs/') || /^([0-9a-f]{4,40}|HEAD)$/.test(item));
    if (asked.length === 0) return undefined;
    const input = asked.map((item) => `${item}^{${type}}\n`).join('');
    const lines = (await this.text(['cat-file', '--batch-check=%(objectname)'], input)).split('\n');
    return lines.find((line) => isObjectId(line));
  }

  /** @returns the type of an object; undefined if it does not exist */
  async typeOf(sha: string): Promise<ObjectType | undefined> {
    if (!isObjectId(sha)) return undefined;
    const line = await this.text(['cat-file', '--batch-check=%(objecttype)'], `${sha}\n`);
    return line.endsWith('missing') ? undefined : (line as ObjectType);
  }
}
