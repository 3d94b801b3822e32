import { describe, expect, it } from '@jest/globals';
import { hostOf, pageAfterSignIn, shortHostOf, webAddress } from './address.js';
import { callbackErrorText } from './callback-error.js';
import { crumbsOf, lineNumbers, sortEntries } from './content.js';
import { certificateText, rateLimitText, supportPeriod } from './health.js';
import { comparePermissions } from './permissions.js';
import { counted, fileSize, receivedText, sentence, shortCommit, transportText } from './text.js';
import { duration, relativeTime } from './time.js';

describe('relativeTime', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it.each([
    ['2026-03-01T11:59:35Z', 'just now'],
    ['2026-03-01T12:00:20Z', 'just now'],
    ['2026-03-01T11:58:59Z', '1 minute ago'],
    ['2026-03-01T09:00:00Z', '3 hours ago'],
    ['2026-02-28T11:00:00Z', 'yesterday'],
    ['2025-11-01T12:00:00Z', '4 months ago'],
  ])('formats %s as %s', (at, text) => {
    expect(relativeTime(at, now)).toBe(text);
  });

  it('formats durations', () => {
    expect(duration('2026-03-01T12:00:00.000Z', '2026-03-01T12:00:04.210Z')).toBe('4.2 s');
    expect(duration('2026-03-01T12:00:00Z', '2026-03-01T12:02:05Z')).toBe('2 min 5 s');
  });
});

describe('text', () => {
  it('formats states, counts and sizes', () => {
    expect(sentence('in_progress')).toBe('In progress');
    expect(counted(1, 'page')).toBe('1 page');
    expect(counted(1200, 'page')).toBe('1,200 pages');
    expect(shortCommit('0123456789abcdef')).toBe('0123456');
    expect([fileSize(812), fileSize(4096), fileSize(5 * 1024 * 1024)]).toEqual(['812 B', '4.0 KB', '5.0 MB']);
  });

  const sync = {
    ...{ state: 'waiting' as const, commit: null, error: null, syncedAt: null },
    ...{ receivedObjects: null, receivedBytes: null, transport: null, transportReason: null },
  };

  it('formats the progress of a running sync', () => {
    expect(receivedText({ ...sync, receivedObjects: 4200, receivedBytes: 18_000_000 })).toBe(
      'received 4,200 objects, 17.2 MB',
    );
    expect(receivedText(sync)).toBeNull();
  });

  it('names the transport of a sync only if it is not Git', () => {
    const transportReason = 'the server rejects Git over HTTP (403)';
    expect(transportText({ ...sync, transport: 'rest', transportReason })).toBe(
      'Fetched over REST: the server rejects Git over HTTP (403)',
    );
    expect(transportText({ ...sync, transport: 'git' })).toBeNull();
    expect(transportText(sync)).toBeNull();
  });
});

describe('addresses', () => {
  it('accepts http and https URLs only', () => {
    expect(webAddress('https://ghes.example.com/x')).toBe('https://ghes.example.com/x');
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'ftp://x', '/x', '', null, undefined]) {
      expect(webAddress(bad)).toBeUndefined();
    }
  });

  it('shortens a URL to its host', () => {
    expect(hostOf('https://ghes.example.com:8443/')).toBe('ghes.example.com:8443');
    expect(hostOf('nonsense')).toBe('nonsense');
  });

  it('stays inside of the console after signing in', () => {
    expect(pageAfterSignIn('/projects/prj_1?branch=a#b')).toBe('/projects/prj_1?branch=a#b');
    expect(pageAfterSignIn('/callback/oauth2/con_1?code=1')).toBe('/callback/oauth2/con_1?code=1');
    expect(pageAfterSignIn('/sign-in?next=/x')).toBe('/');
    expect(pageAfterSignIn(null)).toBe('/');
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '\t//evil.example',
    '//[',
    'javascript:alert(1)',
  ])('attack: %j does not lead to another origin after signing in', (next) => {
    const page = pageAfterSignIn(next);
    expect(new URL(page, 'https://console.example').origin).toBe('https://console.example');
    expect(page).not.toContain('\t');
    expect(page.startsWith('//')).toBe(false);
  });
});

describe('callbackErrorText', () => {
  it('explains a known code', () => {
    expect(callbackErrorText('sign-in-state-expired')).toBe('The verification expired. Start again.');
  });

  it.each(['Call +1 555 0100', '<b>x</b>', 'toString', '__proto__', ''])(
    'attack: shows nothing of the address for the code %j',
    (code) => expect(callbackErrorText(code)).toBe('The request failed. Try again.'),
  );
});

describe('content', () => {
  it('sorts folders first, then by name, numbers as numbers', () => {
    const entry = (name: string, kind: 'file' | 'folder') => ({ name, path: name, kind });
    const entries = [entry('b10.md', 'file'), entry('z', 'folder'), entry('B2.md', 'file'), entry('a', 'folder')];
    expect(sortEntries(entries).map((one) => one.name)).toEqual(['a', 'z', 'B2.md', 'b10.md']);
  });

  it('lists the folders below the root folder as breadcrumbs', () => {
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
  it('compares granted with required permissions; a higher level is enough', () => {
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

describe('the health of a provider', () => {
  const now = Date.parse('2026-11-30T00:00:00Z');

  it('names the days of the certificate and the state of the release', () => {
    expect(certificateText('2026-12-10T12:00:00Z', now)).toBe('10 days left');
    expect(certificateText('2026-11-28T00:00:00Z', now)).toBe('expired 2 days ago');
    expect(supportPeriod({ serverSupport: 'supported', supportEnds: '2027-03-17' })).toBe('until 2027-03-17');
    expect(supportPeriod({ serverSupport: 'out-of-support', supportEnds: '2026-03-17' })).toBe('since 2026-03-17');
  });

  it('marks a rate limit that was reset since', () => {
    const limit = { limit: 5000, remaining: 10, readAt: '2026-11-29T23:58:00Z' };
    expect(rateLimitText({ ...limit, resetsAt: '2026-11-30T00:20:00Z' }, now)).toBe(
      '10 of 5,000 left, as of 2 minutes ago',
    );
    expect(rateLimitText({ ...limit, resetsAt: '2026-11-29T23:59:00Z' }, now)).toMatch(/reset since$/);
  });
});

describe('shortHostOf', () => {
  it('cuts a long first name in the middle', () => {
    expect(shortHostOf('https://prj-01m8pwk9hrfk4a656yg63dv679.preview.example.com/docs')).toBe(
      'prj-…v679.preview.example.com',
    );
    expect(shortHostOf('https://docs.example.com')).toBe('docs.example.com');
  });
});
