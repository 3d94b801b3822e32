import { describe, expect, it } from '@jest/globals';
import { hostOf, pageAfterSignIn, webAddress } from './address.js';
import { crumbsOf, lineNumbers, sortEntries } from './content.js';
import { comparePermissions } from './permissions.js';
import { counted, fileSize, sentence, shortCommit } from './text.js';
import { duration, relativeTime } from './time.js';

describe('times', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it.each([
    ['2026-03-01T11:59:35Z', 'just now'],
    ['2026-03-01T12:00:20Z', 'just now'],
    ['2026-03-01T11:58:59Z', '1 minute ago'],
    ['2026-03-01T09:00:00Z', '3 hours ago'],
    ['2026-02-28T11:00:00Z', 'yesterday'],
    ['2025-11-01T12:00:00Z', '4 months ago'],
  ])('%s is %s', (at, words) => {
    expect(relativeTime(at, now)).toBe(words);
  });

  it('say how long something took', () => {
    expect(duration('2026-03-01T12:00:00.000Z', '2026-03-01T12:00:04.210Z')).toBe('4.2 s');
    expect(duration('2026-03-01T12:00:00Z', '2026-03-01T12:02:05Z')).toBe('2 min 5 s');
  });
});

describe('words', () => {
  it('are made for people', () => {
    expect(sentence('in_progress')).toBe('In progress');
    expect(counted(1, 'page')).toBe('1 page');
    expect(counted(1200, 'page')).toBe('1,200 pages');
    expect(shortCommit('0123456789abcdef')).toBe('0123456');
    expect([fileSize(812), fileSize(4096), fileSize(5 * 1024 * 1024)]).toEqual(['812 B', '4.0 KB', '5.0 MB']);
  });
});

describe('addresses', () => {
  it('lead to web pages only', () => {
    expect(webAddress('https://ghes.example.com/x')).toBe('https://ghes.example.com/x');
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'ftp://x', '/x', '', null, undefined]) {
      expect(webAddress(bad)).toBeUndefined();
    }
  });

  it('are shown by their host', () => {
    expect(hostOf('https://ghes.example.com:8443/')).toBe('ghes.example.com:8443');
    expect(hostOf('nonsense')).toBe('nonsense');
  });

  it('after a sign-in stay inside the console', () => {
    expect(pageAfterSignIn('/projects/prj_1?branch=a')).toBe('/projects/prj_1?branch=a');
    for (const bad of [null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/sign-in']) {
      expect(pageAfterSignIn(bad)).toBe('/');
    }
  });
});

describe('content', () => {
  it('lists folders first, then by name as people sort', () => {
    const entry = (name: string, kind: 'file' | 'folder') => ({ name, path: name, kind });
    const entries = [entry('b10.md', 'file'), entry('z', 'folder'), entry('B2.md', 'file'), entry('a', 'folder')];
    expect(sortEntries(entries).map((one) => one.name)).toEqual(['a', 'z', 'B2.md', 'b10.md']);
  });

  it('has a crumb for each folder below the root folder', () => {
    expect(crumbsOf('', '')).toEqual([]);
    expect(crumbsOf('docs/guide', '')).toEqual([
      { name: 'docs', path: 'docs' },
      { name: 'guide', path: 'docs/guide' },
    ]);
    expect(crumbsOf('docs/guide', 'docs')).toEqual([{ name: 'guide', path: 'docs/guide' }]);
    expect(crumbsOf('docs-old/guide', 'docs')).toHaveLength(2);
  });

  it('numbers the lines of a file', () => {
    expect(lineNumbers('a\nb\n')).toBe('1\n2');
    expect(lineNumbers('a\nb')).toBe('1\n2');
    expect(lineNumbers('')).toBe('1');
  });
});

describe('permissions', () => {
  it('tell what is missing, and take more than needed for enough', () => {
    const lines = comparePermissions({
      contents: 'write',
      pull_requests: 'read',
      checks: 'write',
      email_addresses: 'read',
    });
    const enough = Object.fromEntries(lines.map((line) => [line.name, line.enough]));
    expect(enough).toMatchObject({ Contents: true, Checks: true, 'Email addresses': true, 'Pull requests': false });
    expect(lines.find((line) => line.name === 'Members')).toMatchObject({ granted: 'none', enough: false });
  });
});
