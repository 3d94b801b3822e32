import type { Content } from '@reunite/contracts';
import { sortEntries } from '../../../format/content.js';
import type { Changes } from './draft.rules.js';

type Entry = NonNullable<Content['entries']>[number];

interface MarkedEntry {
  readonly entry: Entry;
  readonly mark: string | null;
}

/** A folder's listing with the changes of the draft: new and deleted files are marked. */
export function changedEntries(entries: readonly Entry[], folder: string, changes: Changes): MarkedEntry[] {
  const marks = new Map<string, string>();
  const listed = [...entries];
  const prefix = folder === '' ? '' : `${folder}/`;
  for (const { path, from, deleted } of changes) {
    const gone = deleted || from !== path ? from : null;
    // A file that replaces it is listed separately.
    if (gone !== null && !marks.has(gone)) marks.set(gone, 'deleted');
    if (deleted || !path.startsWith(prefix)) continue;
    const name = path.slice(prefix.length);
    // A file in a new folder is shown as that folder.
    const child = name.split('/')[0] ?? name;
    if (!listed.some((entry) => entry.name === child)) {
      listed.push({ name: child, path: prefix + child, kind: child === name ? 'file' : 'folder' });
    }
    marks.set(path, from === null ? 'new' : from === path ? 'changed' : 'renamed');
  }
  return sortEntries(listed).map((entry) => ({ entry, mark: marks.get(entry.path) ?? null }));
}
