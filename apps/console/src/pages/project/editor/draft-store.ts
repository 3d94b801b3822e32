import { useEffect, useSyncExternalStore } from 'react';
import { useSession } from '../../../shell/session-context.js';
import type { Changes, Draft } from './draft.rules.js';

/** Drafts by person and project. */
const drafts = new Map<string, Draft | null>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is kept with the tab comes back after the way to the server and back, where a person verifies who they are. */
function read(key: string): Draft | null {
  if (!drafts.has(key)) {
    const kept = sessionStorage.getItem(key);
    drafts.set(key, kept === null ? null : (JSON.parse(kept) as Draft));
  }
  return drafts.get(key) ?? null;
}

function write(key: string, draft: Draft | null): void {
  const kept = draft && draft.changes.length > 0 ? draft : null;
  drafts.set(key, kept);
  sessionStorage.removeItem(key);
  try {
    if (kept) sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Uploads may be more than a browser keeps; then they live as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Where editing stands, and how it goes on. */
export interface Editing {
  readonly draft: Draft | null;
  /** Changes files; the first change notes the branch and the commit that it was made on. */
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

/** Leaving the console would lose what is not committed: the browser asks first. */
export function useUnsavedWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if ([...drafts.values()].some((draft) => draft !== null)) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}
