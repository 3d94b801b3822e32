import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { parseCommit } from './commit.js';
import { MalformedObjectError } from './malformed-object.error.js';

const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const PARENT = 'ce013625030ba8dba906f756967f9e9ca394464a';
const commit = (...lines: string[]) => Buffer.from(lines.join('\n'));

describe('parseCommit', () => {
  it('reads tree, parents, author, committer, dates and message, past a signature', () => {
    const parsed = parseCommit(
      commit(
        `tree ${TREE}`,
        `parent ${PARENT}`,
        `parent ${TREE}`,
        'author Ada Lovelace <ada@example.com> 1700000000 +0100',
        'committer GitHub <noreply@github.com> 1700000001 +0000',
        'gpgsig -----BEGIN PGP SIGNATURE-----',
        ' ',
        ` tree ${PARENT}`,
        ' -----END PGP SIGNATURE-----',
        '',
        'Add a page\n\nWith words.\n',
      ),
    );
    expect(parsed).toEqual({
      tree: TREE,
      parents: [PARENT, TREE],
      author: { name: 'Ada Lovelace', email: 'ada@example.com', date: new Date(1_700_000_000_000) },
      committer: { name: 'GitHub', email: 'noreply@github.com', date: new Date(1_700_000_001_000) },
      message: 'Add a page\n\nWith words.\n',
    });
  });

  it('reads another encoding', () => {
    const head = commit(
      `tree ${TREE}`,
      'author A <a@b> 1 +0000',
      'committer A <a@b> 1 +0000',
      'encoding ISO-8859-1',
      '',
      'caf',
    );
    expect(parseCommit(Buffer.concat([head, Buffer.from([0xe9])])).message).toBe('café');
  });

  it.each(['Ada', 'Ada <ada@example.com>', 'Ada <ada@example.com> tomorrow', `Ada <a@b> ${'9'.repeat(40)} +0000`])(
    'reads the invalid author line %j with the epoch as date',
    (author) => {
      const parsed = parseCommit(commit(`tree ${TREE}`, `author ${author}`, 'committer A <a@b> 1 +0000', '', ''));
      expect(parsed.author.date).toEqual(new Date(0));
      expect(parsed.author.name).toBe('Ada');
    },
  );

  it.each([
    ['without a tree', commit('author A <a@b> 1 +0000', 'committer A <a@b> 1 +0000', '', '')],
    ['with an invalid tree id', commit('tree HEAD', 'author A <a@b> 1 +0000', 'committer A <a@b> 1 +0000', '', '')],
    [
      'with an invalid parent id',
      commit(`tree ${TREE}`, 'parent x', 'author A <a@b> 1 +0000', 'committer A <a@b> 1 +0000', '', ''),
    ],
    ['without an author', commit(`tree ${TREE}`, 'committer A <a@b> 1 +0000', '', '')],
    ['empty', Buffer.alloc(0)],
    [
      'with an author line of 8 KiB',
      commit(`tree ${TREE}`, `author ${'a'.repeat(8192)} <a@b> 1 +0000`, 'committer A <a@b> 1 +0000', '', ''),
    ],
  ])('rejects a commit %s', (_, body) => {
    expect(() => parseCommit(body)).toThrow(MalformedObjectError);
  });

  it.each([
    ['blanks in an author line', (size: number) => [`author a${' '.repeat(size)}b`]],
    ['an author line full of <', (size: number) => [`author ${'<'.repeat(size)}`]],
    ['many parents', (size: number) => Array.from({ length: size / 48 }, () => `parent ${PARENT}`)],
    ['a long encoding', (size: number) => [`encoding ${'x'.repeat(size)}`]],
    ['many lines', (size: number) => ['\n'.repeat(size)]],
  ])('attack: a commit with %s takes time linear to its size', (_, lines) => {
    const body = (size: number) => commit(`tree ${TREE}`, ...lines(size), 'committer A <a@b> 1 +0000', '', 'm');
    expect(growthExponent(body, parseCommit)).toBeLessThan(1.6);
  });
});
