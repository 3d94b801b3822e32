import { expect, it } from '@jest/globals';
import { changedEntries } from './changed-entries.js';
import { deleted, renamed, typed } from './draft.rules.js';

it('a folder shows what comes, what changes and what goes', () => {
  const file = (path: string) => ({ name: path.split('/').at(-1) ?? '', path, kind: 'file' as const });
  const entries = ['g/a.md', 'g/b.md', 'g/c.md', 'g/d.md'].map(file);
  const changes = [
    ...typed([], 'g/a.md', 'x', 'y'),
    ...deleted([], 'g/b.md'),
    ...renamed([], 'g/c.md', 'g/sub/c.md'),
    ...typed([], 'g/new.md', '', null),
    ...typed([], 'elsewhere.md', '', null),
  ];
  const shown = changedEntries(entries, 'g', changes).map(
    ({ entry, mark }) => `${entry.kind} ${entry.path} ${mark ?? ''}`,
  );
  expect(shown).toEqual([
    'folder g/sub ',
    'file g/a.md changed',
    'file g/b.md deleted',
    'file g/c.md deleted',
    'file g/d.md ',
    'file g/new.md new',
  ]);
});
