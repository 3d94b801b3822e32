import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHECK = join(import.meta.dirname, '../check.mjs');

describe('the check of words', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plain-language-'));
    execFileSync('git', ['init', '-q'], { cwd: folder });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function check(file: string, source: string) {
    writeFileSync(join(folder, file), source);
    const { status, stdout } = spawnSync(process.execPath, [CHECK], { cwd: folder, encoding: 'utf8' });
    return { status, lines: stdout.trim().split('\n').slice(0, -1) };
  }

  it.each([
    ['a part of a declared name', 'a.ts', 'export const lastWordTold = 1;', 'a.ts:1 "told" in the name lastWordTold'],
    ['a whole name', 'a.ts', '\nconst held = 1;', 'a.ts:2 "held" in the name held'],
    ['a comment', 'a.ts', '/**\n * Creates it anew.\n */\nfoo();', 'a.ts:2 "anew" in a comment'],
    ['a comment at the end of a line', 'a.ts', 'foo(); // nobody calls this', 'a.ts:1 "nobody" in a comment'],
    ['an opening noun clause', 'a.ts', '/** What became. */\nfoo();', 'a.ts:1 "What" in the opening of a comment'],
    ['a text', 'a.ts', "throw new Error('not accepted any more');", 'a.ts:1 "any more" in a text'],
    ['a text of JSX', 'a.tsx', 'export const a = <p>It tells you.</p>;', 'a.tsx:1 "tells" in a text'],
    ['a document', 'a.md', '# Title\n\nThieves read it.', 'a.md:3 "Thieves" in a text'],
  ])('finds a word in %s', (_, file, source, line) => {
    const result = check(file, source);
    expect(result.lines).toEqual([expect.stringContaining(line)]);
    expect(result.status).toBe(1);
  });

  it('ignores names of libraries, longer words and imports', () => {
    const source = "import x from './people.js';\nx.told.held();\nconst wellKnown = 'retold';\nexport { wellKnown };\n";
    expect(check('a.ts', source)).toEqual({ status: 0, lines: [] });
  });
});
