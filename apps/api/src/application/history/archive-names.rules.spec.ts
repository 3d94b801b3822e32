import { describe, expect, it } from '@jest/globals';
import { archiveName } from './archive-names.rules.js';

describe('the name of a file in an archive', () => {
  it('is its path', () => {
    expect(archiveName('guides/Erste Schritte.md', new Set())).toBe('guides/Erste Schritte.md');
  });

  it.each([
    ['..\\..\\evil.txt', '.._.._evil.txt'],
    ['C:\\evil.txt', 'C__evil.txt'],
    ['a/../b', 'a/._/b'],
    ['con.txt', '_con.txt'],
    ['a\u0000b. ', 'a_b._'],
  ])('attack: leads out of the folder on no system: %j', (path, name) => {
    expect(archiveName(path, new Set())).toBe(name);
  });

  it('differs from other names, also on systems that ignore case', () => {
    const used = new Set<string>();
    expect(['a:b', 'a_b', 'A_B'].map((path) => archiveName(path, used))).toEqual(['a_b', 'a_b~2', 'A_B~3']);
  });
});
