import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveReference } from './links.rules.js';

describe('resolveReference', () => {
  it.each([
    ['start.md', 'guides/index.md', 'guides/start.md'],
    ['./start.md', 'guides/index.md', 'guides/start.md'],
    ['../api/openapi.yaml', 'guides/index.md', 'api/openapi.yaml'],
    ['/images/logo.svg', 'guides/deep/index.md', 'images/logo.svg'],
    ['a%20b.md', 'index.md', 'a b.md'],
    ['100%.md', 'index.md', '100%.md'],
    ['..', 'guides/index.md', ''],
    ['a\\b.md', 'index.md', 'a/b.md'],
  ])('resolves %j in %j to %j', (reference, from, path) => {
    expect(resolveReference(reference, from)).toEqual({ kind: 'path', path, suffix: '' });
  });

  it('keeps query and fragment apart from the path', () => {
    expect(resolveReference('start.md?x=1#top', 'index.md')).toEqual({
      kind: 'path',
      path: 'start.md',
      suffix: '?x=1#top',
    });
    expect(resolveReference('#top', 'index.md')).toEqual({ kind: 'fragment', href: '#top' });
  });

  it.each(['https://example.com/a', 'HTTP://example.com', 'mailto:a@example.com', 'tel:+49'])(
    'leaves %s as it is',
    (href) => {
      expect(resolveReference(href, 'index.md')).toEqual({ kind: 'external', href });
    },
  );

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/x',
    '\\\\evil.example/x',
    '/\\evil.example',
  ])('rejects %j', (reference) => {
    expect(resolveReference(reference, 'index.md')).toEqual({ kind: 'rejected', reason: 'scheme' });
  });

  it.each([
    '../x',
    '/../x',
    'a/../../x',
    '%2e%2e/x',
    '.%2E/x',
    '..\\x',
    'a%2F..%2F..%2Fx',
    '%5c..%5cx',
    '.\t./x',
    'a%00b',
  ])('attack: does not let %j leave the root', (reference) => {
    expect(resolveReference(reference, 'index.md')).toEqual({ kind: 'rejected', reason: 'leaves-root' });
  });

  it('attack: never returns a path outside of the root', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2E%2e',
      '%2f',
      '%5c',
      'a',
      'b.md',
      ':',
      '?',
      '#',
      '\t',
      ' ',
      '%',
      '\u0000',
    );
    const reference = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    );
    const from = fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(reference, from, (written, file) => {
        const resolved = resolveReference(written, file);
        if (resolved.kind !== 'path') return;
        for (const segment of resolved.path === '' ? [] : resolved.path.split('/')) {
          expect(segment).not.toMatch(/^\.{0,2}$|[\\\u0000]/);
        }
        const base = new URL('https://site.example/');
        const address = resolved.path.split('/').map((name) => encodeURIComponent(name));
        expect(new URL(`/${address.join('/')}`, base).origin).toBe(base.origin);
      }),
      { numRuns: 2000 },
    );
  });

  it('resolves paths as browsers do', () => {
    const piece = fc.constantFrom('..', '.', 'a', 'b', '%2e%2e');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const written = pieces.join('/');
        const resolved = resolveReference(written, 'one/two/page.md');
        if (resolved.kind !== 'path') return;
        const browser = new URL(written, 'https://site.example/one/two/page.md').pathname;
        expect(resolved.path).toBe(
          browser
            .split('/')
            .filter((name) => name !== '')
            .join('/'),
        );
      }),
    );
  });

  it('attack: takes linear time for blanks', () => {
    const blanks = ' '.repeat(600_000);
    expect(resolveReference(`${blanks}a${blanks}b${blanks}`, 'x.md')).toMatchObject({ path: `a${blanks}b` });
  });
});
