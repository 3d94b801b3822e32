import { describe, expect, it } from '@jest/globals';
import { linkFindings } from './link-findings.js';

describe('linkFindings', () => {
  it('takes broken links and missing includes from the builder, sorted by file', () => {
    const warning = { severity: 'warning' } as const;
    const { errors, warnings, findings } = linkFindings([
      { ...warning, code: 'link-broken', message: '"b.md" leads to no page or file', file: 'z.md', line: 9 },
      { ...warning, code: 'anchor-missing', message: '"#x" leads to no heading', file: 'a.md', line: 3 },
      { ...warning, code: 'include-missing', message: '"gone.md" does not exist', file: 'm.md', line: 4 },
      { ...warning, code: 'include-circular', message: '"self.md" includes itself', file: 'n.md', line: 5 },
      { ...warning, code: 'lfs-pointer', message: 'its content is in Git LFS', file: 'a.md' },
    ]);
    expect([errors, warnings]).toEqual([4, 0]);
    expect(findings).toMatchObject([
      { severity: 'error', rule: 'anchor-missing', file: 'a.md', line: 3, column: null },
      { severity: 'error', rule: 'include-missing', file: 'm.md', line: 4 },
      { severity: 'error', rule: 'include-circular', file: 'n.md', line: 5 },
      { rule: 'link-broken', file: 'z.md', line: 9 },
    ]);
  });

  it('reports that the builder stopped recording', () => {
    const message = 'more than 1000 warnings; the rest is left out';
    expect(linkFindings([{ severity: 'warning', code: 'more-warnings', message }])).toMatchObject({ warnings: 1 });
  });
});
