import { describe, expect, it } from '@jest/globals';
import type { CommitObject } from '@reunite/ghes-client';
import { hashObject } from '@reunite/git-objects';
import { rebuildCommit } from './rebuilt-commit.rules.js';

const tree = '1'.repeat(40);
const parent = '2'.repeat(40);
/** 2026-03-01T12:00:00Z */
const SECONDS = 1_772_366_400;
const ada = { name: 'Ada', email: 'ada@example.com', date: '2026-03-01T12:00:00Z' };
const headers = (author: string, committer: string) =>
  [
    `tree ${tree}`,
    `parent ${parent}`,
    `author Ada <ada@example.com> ${SECONDS} ${author}`,
    `committer Ada <ada@example.com> ${SECONDS} ${committer}`,
  ].join('\n');
const commit: CommitObject = {
  ...{ sha: '', message: 'Change a page', author: ada, committer: ada },
  ...{ tree: { sha: tree }, parents: [{ sha: parent }] },
};
const rebuilt = (text: string, response: CommitObject = commit) =>
  rebuildCommit(hashObject('commit', Buffer.from(text)), response)?.toString() ?? null;

describe('a commit object from the REST API', () => {
  it.each([
    ['+0000', '+0000', '\n'],
    ['+0530', '+0530', ''],
    ['-0700', '+1345', '\n\n'],
  ])('is rebuilt with the time zones %s and %s', (author, committer, ending) => {
    const text = `${headers(author, committer)}\n\nChange a page${ending}`;
    expect(rebuilt(text)).toBe(text);
  });

  it.each(['', '\n'])('is rebuilt with its signature', (ending) => {
    const payload = `${headers('+0111', '+0000')}\n\nChange a page\n`;
    const signature = '-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----';
    const lines = `${signature}${ending}`.replaceAll('\n', '\n ');
    const text = `${headers('+0111', '+0000')}\ngpgsig ${lines}\n\nChange a page\n`;
    expect(rebuilt(text, { ...commit, verification: { payload, signature } })).toBe(text);
  });

  it('attack: is rejected if another tree or message is sent for its id, however long the message is', () => {
    const text = `${headers('+0000', '+0000')}\n\nChange a page\n`;
    expect(rebuilt(text, { ...commit, tree: { sha: '3'.repeat(40) } })).toBeNull();
    const begun = performance.now();
    expect(rebuilt(text, { ...commit, message: 'x'.repeat(1024 ** 2) })).toBeNull();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
