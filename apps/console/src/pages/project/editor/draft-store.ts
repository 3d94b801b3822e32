import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '../../../shell/session-context.js';
import type { Changes, Draft } from './draft.rules.js';

/** Drafts by user and project. */
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

export function useEditing(projectId: string): Editing {
  const key = `draft ${useSession().subject} ${projectId}`;
  const draft = useSyncExternalStore(subscribe, () => read(key));
  return {
    draft,
    change: ({ branch, commit }, next) => {
      const begun = read(key) ?? { branch, expectedHead: commit, changes: [] };
      write(key, { ...begun, changes: next(begun.changes) });
    },
    discard: () => write(key, null),
  };
}

/** Makes the browser ask before the page with uncommitted changes is closed. */
export function useUnsavedWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if ([...drafts.values()].some((draft) => draft !== null)) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}
