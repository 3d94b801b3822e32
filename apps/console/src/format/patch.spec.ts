import { describe, expect, it } from '@jest/globals';
import { patchLines } from './patch.js';

describe('patchLines', () => {
  it('numbers the lines of both sides, place by place', () => {
    const patch =
      '@@ -1,3 +1,3 @@ Title\n one\n-two\n+2\n three\n@@ -10 +10,2 @@\n ten\n+eleven\n\\ No newline at end of file';
    expect(patchLines(patch).map(({ kind, before, after, text }) => [kind, before, after, text])).toEqual([
      ['place', null, null, '@@ -1,3 +1,3 @@ Title'],
      ['same', 1, 1, 'one'],
      ['removed', 2, null, 'two'],
      ['added', null, 2, '2'],
      ['same', 3, 3, 'three'],
      ['place', null, null, '@@ -10 +10,2 @@'],
      ['same', 10, 10, 'ten'],
      ['added', null, 11, 'eleven'],
      ['note', null, null, 'No newline at end of file'],
    ]);
  });

  it('takes lines that look like headers for what they are', () => {
    const kinds = patchLines('@@ -1,2 +1,2 @@\n--- a\n+++ b').map(({ kind, text }) => `${kind} ${text}`);
    expect(kinds.slice(1)).toEqual(['removed -- a', 'added ++ b']);
  });
});
