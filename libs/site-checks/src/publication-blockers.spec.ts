import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@reunite/site-builder';
import { publicationBlockers } from './publication-blockers.js';

describe('publicationBlockers', () => {
  const strict = { links: false, markdoc: false };
  const warning = (code: Extract<Problem, { severity: 'warning' }>['code'], file = 'a.md'): Problem => ({
    severity: 'warning',
    code,
    message: '',
    file,
  });
  const problems: Problem[] = [
    warning('link-broken'),
    warning('anchor-missing'),
    warning('include-missing'),
    warning('tag-unknown'),
    warning('symlink-skipped'),
    { severity: 'error', code: 'openapi-invalid', message: '', file: 'openapi.yaml' },
    { severity: 'error', code: 'openapi-invalid', message: '', file: 'openapi.yaml' },
  ];

  it('is empty for a site without problems, and for warnings of no check', () => {
    expect(publicationBlockers([], strict, 0)).toEqual([]);
    expect(publicationBlockers([warning('tag-unknown'), warning('address-taken')], strict, 0)).toEqual([]);
  });

  it('counts per check', () => {
    const expected = ['1 file cannot be built', '2 broken links', '1 Markdoc error', '3 lint errors'];
    expect(publicationBlockers(problems, strict, 3)).toEqual(expected);
  });

  it('leaves out exempt checks', () => {
    const lenient = { links: true, markdoc: true };
    expect(publicationBlockers(problems, lenient, 0)).toEqual(['1 file cannot be built']);
  });
});
