import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedObjectError } from './malformed-object.error.js';
import { EMPTY_TREE_ID, hashObject } from './object.js';
import { treeNameViolation } from './tree-name.rules.js';
import { parseTree, serializeTree } from './tree.js';
import type { TreeEntry, TreeMode } from './tree.js';

const ID = 'ce013625030ba8dba906f756967f9e9ca394464a';
const modes: TreeMode[] = ['100644', '100755', '120000', '160000', '040000'];
const entry = fc.record({
  mode: fc.constantFrom(...modes),
  name: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((name) => treeNameViolation(name) === null),
  id: fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: 40, maxLength: 40 }),
});
const raw = (mode: string, name: string | Buffer) =>
  Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(ID, 'hex')]);

describe('parseTree and serializeTree', () => {
  it('return the same entries in the order of git', () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 20 }), (entries) => {
        const body = serializeTree(entries);
        const parsed = parseTree(body);
        expect(serializeTree(parsed.toReversed())).toEqual(body);
        const byName = (a: TreeEntry, b: TreeEntry) => (a.name < b.name ? -1 : 1);
        expect(parsed.toSorted(byName)).toEqual(entries.toSorted(byName));
      }),
    );
  });

  it('sort a folder as if its name ended in a slash', () => {
    const names: [TreeMode, string][] = [
      ['040000', 'a'],
      ['100644', 'a.md'],
      ['100644', 'a0'],
    ];
    const body = serializeTree(names.map(([mode, name]) => ({ mode, name, id: ID })));
    expect(parseTree(body).map(({ name }) => name)).toEqual(['a.md', 'a', 'a0']);
  });

  it('support the empty tree', () => {
    expect(hashObject('tree', serializeTree([]))).toBe(EMPTY_TREE_ID);
    expect(parseTree(Buffer.alloc(0))).toEqual([]);
  });

  it('keep the bytes of a name that is not UTF-8', () => {
    const body = raw('100644', Buffer.from('caf\xe9.md', 'latin1'));
    const parsed = parseTree(body);
    expect(parsed[0]?.name).toBe('café.md');
    expect(serializeTree(parsed)).toEqual(body);
  });

  it.each([
    ['100664', '100644'],
    ['0100644', '100644'],
    ['100600', '100644'],
    ['100640', '100644'],
    ['100700', '100755'],
    ['100744', '100755'],
    ['100775', '100755'],
    ['120664', '120000'],
    ['160755', '160000'],
    ['40755', '040000'],
    ['040000', '040000'],
  ])('read mode %s, which an old tool wrote, as git does', (written, mode) => {
    expect(parseTree(raw(written, 'a'))[0]?.mode).toBe(mode);
  });

  it.each([
    ['that is truncated', raw('100644', 'a').subarray(0, -1)],
    ['without a name', Buffer.from('100644')],
    ['with an unknown mode', raw('010644', 'a')],
    ['with a mode that is not octal', raw('100648', 'a')],
    ['with a mode of 100 digits', raw('1'.repeat(100), 'a')],
    ['that is not sorted', Buffer.concat([raw('100644', 'b'), raw('100644', 'a')])],
    ['with a duplicate name', Buffer.concat([raw('100644', 'a'), raw('100644', 'a')])],
    [
      'with a file and a folder of the same name',
      Buffer.concat([raw('100644', 'a'), raw('100644', 'a.b'), raw('40000', 'a')]),
    ],
    ['with .git', raw('40000', '.GIT')],
    ['with a path', raw('100644', '../../etc/passwd')],
  ])('reject a tree %s', (_, body) => {
    expect(() => parseTree(body)).toThrow(MalformedObjectError);
  });

  it('reject a duplicate or invalid name when writing', () => {
    const file = { mode: '100644', name: 'a', id: ID } as const;
    expect(() => serializeTree([file, { ...file, mode: '040000' }])).toThrow(MalformedObjectError);
    expect(() => serializeTree([{ ...file, name: '..' }])).toThrow(MalformedObjectError);
    expect(() => serializeTree([{ ...file, id: 'HEAD' }])).toThrow(MalformedObjectError);
  });
});
