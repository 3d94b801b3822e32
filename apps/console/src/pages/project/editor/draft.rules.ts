import type { FileChange } from '@reunite/contracts';
import { withEndingsOf } from './line-endings.rules.js';

/** What a file is to hold: text that was typed, or bytes that were uploaded. */
export type DraftContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly base64: string; readonly bytes: number };

/** One changed file. Its place in the commit that editing began on is `from`; null: it is new. */
export interface DraftChange {
  readonly path: string;
  readonly from: string | null;
  /** null: as it was. */
  readonly content: DraftContent | null;
  readonly deleted: boolean;
}

/** Changes on one branch, and the commit that they were begun on. */
export interface Draft {
  readonly branch: string;
  readonly expectedHead: string;
  readonly changes: readonly DraftChange[];
}

export type Changes = readonly DraftChange[];

export function changeAt(changes: Changes, path: string): DraftChange | undefined {
  return changes.find((change) => change.path === path && !change.deleted);
}

/** Puts text from a textarea into a file; typing back what stood there is no change. */
export function typed(changes: Changes, path: string, shown: string, original: string | null): Changes {
  const there = changeAt(changes, path);
  const text = original === null ? shown : withEndingsOf(original, shown);
  const from = there ? there.from : original === null ? null : path;
  if (from === path && text === original) return changes.filter((change) => change !== there);
  return put(changes, there, { path, from, content: { kind: 'text', text }, deleted: false });
}

/** A new file, or other bytes for one that is there. */
export function uploaded(changes: Changes, path: string, content: DraftContent, isThere: boolean): Changes {
  const there = changeAt(changes, path);
  const from = there ? there.from : isThere ? path : null;
  return put(changes, there, { path, from, content, deleted: false });
}

export function renamed(changes: Changes, path: string, to: string): Changes {
  const there = changeAt(changes, path);
  const change = there ?? { path, from: path, content: null, deleted: false };
  if (change.from === to && change.content === null) return changes.filter((one) => one !== there);
  return put(changes, there, { ...change, path: to });
}

/** A new file just goes. */
export function deleted(changes: Changes, path: string): Changes {
  const there = changeAt(changes, path);
  const from = there ? there.from : path;
  const others = changes.filter((change) => change !== there);
  return from === null ? others : [...others, { path: from, from, content: null, deleted: true }];
}

/** In words: what a change does. */
export function changeWord({ path, from, deleted: isDeleted, content }: DraftChange): string {
  if (isDeleted) return 'Deleted';
  if (from === null) return 'New';
  if (from === path) return 'Changed';
  return content === null ? `Renamed from ${from}` : `Renamed from ${from}, and changed`;
}

/** The changes as the API takes them. */
export function toRequest(changes: Changes): FileChange[] {
  return changes.map(({ path, from, content, deleted: isDeleted }): FileChange => {
    if (isDeleted) return { action: 'delete', path };
    const written = content && wire(content);
    if (from !== null && from !== path) {
      return { action: 'rename', from, path, ...(written ?? { encoding: 'utf-8' }) };
    }
    return { action: 'write', path, ...(written ?? { content: '', encoding: 'utf-8' }) };
  });
}

function wire(content: DraftContent): { content: string; encoding: 'utf-8' | 'base64' } {
  return content.kind === 'text'
    ? { content: content.text, encoding: 'utf-8' }
    : { content: content.base64, encoding: 'base64' };
}

function put(changes: Changes, old: DraftChange | undefined, change: DraftChange): Changes {
  return old ? changes.map((one) => (one === old ? change : one)) : [...changes, change];
}

/** What is wrong with the path of a file, or null. The API looks again. */
export function refusePath(path: string): string | null {
  const names = path.split('/');
  if (path === '') return 'Enter a path, such as guides/start.md.';
  if (names.some((name) => ['', '.', '..', '.git'].includes(name.toLowerCase())) || path.includes('\\')) {
    return 'The path must lead to a file inside the project, such as guides/start.md.';
  }
  return null;
}
