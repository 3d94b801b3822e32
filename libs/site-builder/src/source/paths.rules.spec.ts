import { describe, expect, it } from '@jest/globals';
import {
  ancestorsOf,
  encodePath,
  isHidden,
  pageAddress,
  pageFolder,
  pageOutputPath,
  unsafePathReason,
} from './paths.rules.js';

describe('page addresses', () => {
  it.each([
    ['index.md', '', '/', 'index.html'],
    ['README.md', '', '/', 'index.html'],
    [
      'guides/getting-started.md',
      'guides/getting-started',
      '/guides/getting-started/',
      'guides/getting-started/index.html',
    ],
    ['guides/readme.markdown', 'guides', '/guides/', 'guides/index.html'],
    ['api/openapi.yaml', 'api/openapi', '/api/openapi/', 'api/openapi/index.html'],
    ['v1.2/notes 100%?.md', 'v1.2/notes 100%?', '/v1.2/notes%20100%25%3F/', 'v1.2/notes 100%?/index.html'],
    ['myreadme.md', 'myreadme', '/myreadme/', 'myreadme/index.html'],
  ])('maps %s to its address', (file, folder, address, output) => {
    expect(pageFolder(file)).toBe(folder);
    expect(pageAddress(folder)).toBe(address);
    expect(pageOutputPath(folder)).toBe(output);
  });

  it('percent-encodes every name on its own', () => {
    expect(encodePath('a b/ü#?.md')).toBe('a%20b/%C3%BC%23%3F.md');
  });

  it('lists the folders above, the root first', () => {
    expect(ancestorsOf('a/b/c')).toEqual(['', 'a', 'a/b']);
    expect(ancestorsOf('')).toEqual([]);
  });
});

describe('unsafePathReason', () => {
  it.each(['a/b.md', 'ü/ß.md', 'a b/c?.md', '…/x', '...', 'a:b', '<x>"\'.md'])('accepts %j', (path) => {
    expect(unsafePathReason(path)).toBeUndefined();
  });

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a//b',
    './a',
    'a/',
    'a\\b',
    'a\u0000b',
    'a\nb',
    '\ud800',
    'x'.repeat(256),
    'a/'.repeat(1500),
  ])('rejects %j', (path) => {
    expect(unsafePathReason(path)).toBeDefined();
  });
});

describe('isHidden', () => {
  it('hides dotfiles, dot folders and node_modules', () => {
    expect(['.env', '.github/x.md', 'a/.git/config', 'node_modules/x/README.md'].every(isHidden)).toBe(true);
    expect(isHidden('a/b.c.md')).toBe(false);
  });
});
