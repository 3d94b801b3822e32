import type { Content } from '@reunite/contracts';

type Entry = NonNullable<Content['entries']>[number];

/** Sorts folders first, then by name, numbers by value. */
export function sortEntries(entries: readonly Entry[]): Entry[] {
  return entries.toSorted(
    (a, b) =>
      Number(b.kind === 'folder') - Number(a.kind === 'folder') ||
      a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
}

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The folders from below the project's root folder down to `folder`. */
export function crumbsOf(folder: string, rootFolder: string): Crumb[] {
  const isBelowRoot = rootFolder !== '' && (folder === rootFolder || folder.startsWith(`${rootFolder}/`));
  const parts = folder.split('/').filter((part) => part !== '');
  const crumbs = parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') }));
  return isBelowRoot ? crumbs.slice(rootFolder.split('/').length) : crumbs;
}

/** `1\n2\n3` beside the text of a file; a newline at the end of the file starts no line. */
export function lineNumbers(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return Array.from({ length: Math.max(lines, 1) }, (_, index) => String(index + 1)).join('\n');
}
