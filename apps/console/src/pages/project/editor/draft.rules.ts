import type { FileChange } from '@reunite/contracts';
import { withEndingsOf } from './line-endings.rules.js';

/** The new content of a file: typed text, the bytes of a chosen file, or the upload of a larger one. */
export type DraftContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly base64: string; readonly bytes: number }
  | { readonly kind: 'upload'; readonly id: string; readonly bytes: number };

/** One changed file. `from` is its path in the commit that the draft is based on; null for a new file. */
export interface DraftChange {
  readonly path: string;
  readonly from: string | null;
  /** null if unchanged. */
  readonly content: DraftContent | null;
  /** Absent if unchanged; a new file is not executable by default. */
  readonly executable?: boolean;
  readonly deleted: boolean;
}

/** Changes on one branch, and the commit that they are based on. */
export interface Draft {
  readonly branch: string;
  readonly expectedHead: string;
  readonly changes: readonly DraftChange[];
}

export type Changes = readonly DraftChange[];

export function changeAt(changes: Changes, path: string): DraftChange | undefined {
  return changes.find((change) => change.path === path && !change.deleted);
}

/** Sets the text of a file from the editor. Restoring the original text removes the change. */
export function typed(changes: Changes, path: string, shown: string, original: string | null): Changes {
  const existing = changeAt(changes, path);
  const text = original === null ? shown : withEndingsOf(original, shown);
  const from = existing ? existing.from : original === null ? null : path;
  const content = from === path && text === original ? null : ({ kind: 'text', text } as const);
  return put(changes, existing, { ...existing, path, from, content, deleted: false });
}

/** Adds a file, or replaces the bytes of an existing one. */
export function uploaded(changes: Changes, path: string, content: DraftContent, isThere: boolean): Changes {
  const existing = changeAt(changes, path);
  const from = existing ? existing.from : isThere ? path : null;
  return put(changes, existing, { ...existing, path, from, content, deleted: false });
}

export function renamed(changes: Changes, path: string, to: string): Changes {
  const existing = changeAt(changes, path);
  return put(changes, existing, { ...(existing ?? unchanged(path)), path: to });
}

/** Sets or clears the executable bit. `original` is its value on the branch. */
export function marked(changes: Changes, path: string, executable: boolean, original: boolean): Changes {
  const existing = changeAt(changes, path);
  const { executable: _, ...rest } = existing ?? unchanged(path);
  return put(changes, existing, executable === original ? rest : { ...rest, executable });
}

/** Deletes a file. A new file is removed from the draft. */
export function deleted(changes: Changes, path: string): Changes {
  const existing = changeAt(changes, path);
  const from = existing ? existing.from : path;
  const others = changes.filter((change) => change !== existing);
  return from === null ? others : [...others, { ...unchanged(from), deleted: true }];
}

/** Describes a change. */
export function changeWord({ path, from, deleted: isDeleted, content, executable }: DraftChange): string {
  if (isDeleted) return 'Deleted';
  const bit = executable === undefined ? null : executable ? 'made executable' : 'no longer executable';
  const place = from === null ? 'New' : from === path ? null : `Renamed from ${from}`;
  const text = content === null || from === null ? null : 'changed';
  const words = [place, text, bit].filter((word) => word !== null).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The changes as the API expects them, one for each path. */
export function toRequest(changes: Changes): FileChange[] {
  const gone = new Set(changes.flatMap((change) => (change.deleted ? change.path : [])));
  return changes.flatMap((change): FileChange[] => {
    const { path, from } = change;
    if (change.deleted) return isWritten(changeAt(changes, path)) ? [] : [{ action: 'delete', path }];
    // A file that replaces another one does not inherit its executable bit.
    const isNewInPlace = from === null && gone.has(path);
    return [requestOf(isNewInPlace ? { executable: false, ...change } : change)];
  });
}

function isWritten(change: DraftChange | undefined): boolean {
  return change !== undefined && (change.from === null || change.from === change.path);
}

function requestOf({ path, from, content, executable }: DraftChange): FileChange {
  const bit = executable === undefined ? {} : { executable };
  if (from !== null && from !== path) {
    return { action: 'rename', from, path, ...(content ? wire(content) : { encoding: 'utf-8' }), ...bit };
  }
  if (content === null && executable !== undefined) return { action: 'chmod', path, executable };
  return { action: 'write', path, ...(content ? wire(content) : { content: '', encoding: 'utf-8' }), ...bit };
}

type WireContent = { encoding: 'utf-8' | 'base64' } & ({ content: string } | { upload: string });

function wire(content: DraftContent): WireContent {
  if (content.kind === 'upload') return { upload: content.id, encoding: 'utf-8' };
  if (content.kind === 'bytes') return { content: content.base64, encoding: 'base64' };
  return { content: content.text, encoding: 'utf-8' };
}

function unchanged(path: string): DraftChange {
  return { path, from: path, content: null, deleted: false };
}

/** Replaces a change; one without an effect is removed. */
function put(changes: Changes, old: DraftChange | undefined, change: DraftChange): Changes {
  const { path, from, content, executable } = change;
  if (from === path && content === null && executable === undefined) return changes.filter((one) => one !== old);
  return old ? changes.map((one) => (one === old ? change : one)) : [...changes, change];
}

/** Returns why the path of a file is invalid, or null. The API validates it again. */
export function pathError(path: string): string | null {
  const names = path.split('/');
  if (path === '') return 'Enter a path, such as guides/start.md.';
  if (names.some((name) => ['', '.', '..', '.git'].includes(name.toLowerCase())) || path.includes('\\')) {
    return 'The path must lead to a file inside the project, such as guides/start.md.';
  }
  return null;
}
