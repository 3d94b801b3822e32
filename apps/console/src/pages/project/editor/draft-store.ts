import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '../../../shell/session-context.js';
import type { Changes, Draft } from './draft.rules.js';

const PREFIX = 'draft ';

/** Drafts by user, project and branch. */
const drafts = new Map<string, Draft | null>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Drafts are stored per tab, so they survive an identity verification on the server. */
function read(key: string): Draft | null {
  if (!drafts.has(key)) {
    const stored = sessionStorage.getItem(key);
    drafts.set(key, stored === null ? null : (JSON.parse(stored) as Draft));
  }
  return drafts.get(key) ?? null;
}

function write(key: string, draft: Draft | null): void {
  const stored = draft && draft.changes.length > 0 ? draft : null;
  drafts.set(key, stored);
  sessionStorage.removeItem(key);
  try {
    if (stored) sessionStorage.setItem(key, JSON.stringify(stored));
  } catch {
    // Uploads may exceed the browser's storage limit; then the draft lives as long as the page.
  }
  for (const listener of listeners) listener();
}

/** The current draft and its operations. */
export interface Editing {
  readonly draft: Draft | null;
  /** Changes files. The first change stores the branch and its commit. */
  readonly change: (
    at: { readonly branch: string; readonly commit: string },
    next: (changes: Changes) => Changes,
  ) => void;
  readonly discard: () => void;
}

/** The draft of a branch. Each branch has its own. */
export function useEditing(projectId: string, branch: string): Editing {
  const key = `${keyOf(useSession().subject, projectId)}${branch}`;
  const draft = useSyncExternalStore(subscribe, () => read(key));
  return {
    draft,
    change: (at, next) => {
      const begun = read(key) ?? { branch: at.branch, expectedHead: at.commit, changes: [] };
      write(key, { ...begun, changes: next(begun.changes) });
    },
    discard: () => write(key, null),
  };
}

/** The branches of a project with a draft, sorted. */
export function useDraftBranches(projectId: string): readonly string[] {
  const prefix = keyOf(useSession().subject, projectId);
  const names = useSyncExternalStore(subscribe, () => JSON.stringify(branchesWith(prefix)));
  return JSON.parse(names) as string[];
}

function branchesWith(prefix: string): string[] {
  const stored = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index) ?? '');
  const keys = new Set([...stored, ...drafts.keys()].filter((key) => key.startsWith(prefix) && read(key) !== null));
  return [...keys].map((key) => key.slice(prefix.length)).sort();
}

function keyOf(subject: string, projectId: string): string {
  return `${PREFIX}${subject} ${projectId} `;
}

/** Removes all drafts, also those of earlier users of this tab. */
export function discardDrafts(): void {
  const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index) ?? '');
  for (const key of [...keys, ...drafts.keys()]) if (key.startsWith(PREFIX)) write(key, null);
}

export function hasDrafts(): boolean {
  return [...drafts.values()].some((draft) => draft !== null);
}

/** Makes the browser ask before the page with uncommitted changes is closed. */
export function useUnsavedWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (hasDrafts()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}
