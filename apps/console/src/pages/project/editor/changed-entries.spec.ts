import { expect, it } from '@jest/globals';
import { changedEntries } from './changed-entries.js';
import { deleted, renamed, typed } from './draft.rules.js';
import type { Changes } from './draft.rules.js';

const file = (path: string) => ({ name: path.split('/').at(-1) ?? '', path, kind: 'file' as const });

it('a folder shows added, changed and deleted entries', () => {
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

it('a file that replaces another one is shown as added', () => {
  const marksOf = (changes: Changes) => changedEntries([file('a.md')], '', changes).map(({ mark }) => mark);
  expect(marksOf(typed(deleted([], 'a.md'), 'a.md', '', null))).toEqual(['new']);
  const again = typed(renamed([], 'a.md', 'b.md'), 'a.md', '', null);
  expect(marksOf(deleted(again, 'b.md'))).toEqual(['new']);
});
