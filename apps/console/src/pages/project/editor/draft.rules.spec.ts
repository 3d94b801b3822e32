import { describe, expect, it } from '@jest/globals';
import { changeWord, deleted, marked, pathError, renamed, toRequest, typed, uploaded } from './draft.rules.js';
import type { Changes } from './draft.rules.js';

const none: Changes = [];
const bytes = { kind: 'bytes', base64: '/w==', bytes: 1 } as const;

describe('a draft', () => {
  it('keeps an edit, and drops it when the original text is restored', () => {
    const changes = typed(none, 'a.md', 'new', 'old');
    expect(toRequest(changes)).toEqual([{ action: 'write', path: 'a.md', content: 'new', encoding: 'utf-8' }]);
    expect(typed(changes, 'a.md', 'old', 'old')).toEqual([]);
    expect(toRequest(typed(typed(none, 'n.md', '', null), 'n.md', 'text', null))).toEqual([
      { action: 'write', path: 'n.md', content: 'text', encoding: 'utf-8' },
    ]);
  });

  it('keeps the line endings of a Windows file, except on edited lines', () => {
    const original = 'one\r\ntwo\r\n';
    expect(toRequest(typed(none, 'a.md', 'one\nTWO\n', original))).toMatchObject([{ content: 'one\r\nTWO\r\n' }]);
    expect(typed(typed(none, 'a.md', 'x', original), 'a.md', 'one\ntwo\n', original)).toEqual([]);
  });

  it('renames a file, also an edited one, and renames it back', () => {
    const moved = renamed(none, 'a.md', 'b.md');
    expect(toRequest(moved)).toEqual([{ action: 'rename', from: 'a.md', path: 'b.md', encoding: 'utf-8' }]);
    expect(renamed(moved, 'b.md', 'a.md')).toEqual([]);
    expect(toRequest(typed(moved, 'b.md', 'x', 'old'))).toEqual([
      { action: 'rename', from: 'a.md', path: 'b.md', content: 'x', encoding: 'utf-8' },
    ]);
    expect(toRequest(renamed(typed(none, 'n.md', 'x', null), 'n.md', 'm.md'))).toEqual([
      { action: 'write', path: 'm.md', content: 'x', encoding: 'utf-8' },
    ]);
  });

  it('deletes a renamed file at its old path, and drops a new file', () => {
    expect(toRequest(deleted(renamed(none, 'a.md', 'b.md'), 'b.md'))).toEqual([{ action: 'delete', path: 'a.md' }]);
    expect(deleted(typed(none, 'n.md', 'x', null), 'n.md')).toEqual([]);
    expect(toRequest(uploaded(deleted(none, 'a.md'), 'b.png', bytes, false))).toEqual([
      { action: 'delete', path: 'a.md' },
      { action: 'write', path: 'b.png', content: '/w==', encoding: 'base64' },
    ]);
  });

  it('refers to the upload of a large file', () => {
    const upload = { kind: 'upload', id: 'upl_1', bytes: 300_000 } as const;
    expect(toRequest(uploaded(none, 'a.mp4', upload, false))).toEqual([
      { action: 'write', path: 'a.mp4', upload: 'upl_1', encoding: 'utf-8' },
    ]);
  });

  it('treats a file that is deleted and created again as edited', () => {
    const again = typed(deleted(none, 'a.md'), 'a.md', 'new', null);
    const written = { action: 'write', path: 'a.md', content: 'new', encoding: 'utf-8' };
    expect(toRequest(again)).toEqual([{ ...written, executable: false }]);
    expect(toRequest(deleted(again, 'a.md'))).toEqual([{ action: 'delete', path: 'a.md' }]);
    expect(toRequest(uploaded(deleted(none, 'a.md'), 'a.md', bytes, true))).toHaveLength(1);
    // The path of a moved file must be reported as free before another file is moved there.
    expect(toRequest(renamed(deleted(none, 'a.md'), 'b.md', 'a.md')).map(({ action }) => action)).toEqual([
      'delete',
      'rename',
    ]);
    expect(toRequest(typed(renamed(none, 'a.md', 'b.md'), 'a.md', 'new', null))).toEqual([
      { action: 'rename', from: 'a.md', path: 'b.md', encoding: 'utf-8' },
      written,
    ]);
  });

  it('sets the executable bit, alone or with other changes, and restores it', () => {
    const made = marked(none, 'run.sh', true, false);
    expect(toRequest(made)).toEqual([{ action: 'chmod', path: 'run.sh', executable: true }]);
    expect(marked(made, 'run.sh', false, false)).toEqual([]);
    expect(toRequest(marked(none, 'run.sh', false, true))).toEqual([
      { action: 'chmod', path: 'run.sh', executable: false },
    ]);
    for (const changes of [
      marked(typed(none, 'n.sh', 'x', null), 'n.sh', true, false),
      typed(marked(none, 'a.sh', true, false), 'a.sh', 'x', 'old'),
      uploaded(made, 'run.sh', bytes, true),
      renamed(made, 'run.sh', 'b.sh'),
    ]) {
      expect(toRequest(changes)).toMatchObject([{ executable: true }]);
    }
    // Typed back or renamed back, the bit is a change still.
    expect(typed(typed(made, 'run.sh', 'x', 'old'), 'run.sh', 'old', 'old')).toEqual(made);
    expect(renamed(renamed(made, 'run.sh', 'b.sh'), 'b.sh', 'run.sh')).toEqual(made);
  });

  it('describes a change', () => {
    const words = (changes: Changes) => changes.map(changeWord);
    expect(words(typed(none, 'a.md', 'x', null))).toEqual(['New']);
    expect(words(typed(none, 'a.md', 'x', 'y'))).toEqual(['Changed']);
    expect(words(deleted(none, 'a.md'))).toEqual(['Deleted']);
    expect(words(renamed(none, 'a.md', 'b.md'))).toEqual(['Renamed from a.md']);
    expect(words(typed(renamed(none, 'a.md', 'b.md'), 'b.md', 'x', 'y'))).toEqual(['Renamed from a.md, changed']);
    expect(words(marked(none, 'a.sh', true, false))).toEqual(['Made executable']);
    expect(words(marked(typed(none, 'a.sh', 'x', 'y'), 'a.sh', false, true))).toEqual([
      'Changed, no longer executable',
    ]);
  });

  it.each(['', '/a', 'a/', '../a', 'a/./b', '.git/x', 'a\\b'])('has no file at %j', (path) => {
    expect(pathError(path)).not.toBeNull();
  });
});
