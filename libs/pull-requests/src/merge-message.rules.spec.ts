import { describe, expect, it } from '@jest/globals';
import { needsCommitMessages, mergeBody, squashBody } from './merge-message.rules.js';

const pull = { title: 'Words', body: 'Why.' };
const two = ['First\n\nBecause.', 'Second\n'];

describe('the message of a merge', () => {
  it('follows the settings of the repository', () => {
    expect(mergeBody({}, pull)).toBe('Words');
    expect(mergeBody({ merge_commit_message: 'PR_BODY' }, pull)).toBe('Why.');
    expect(mergeBody({ merge_commit_message: 'PR_BODY' }, { title: 'Words', body: null })).toBe('');
    expect(mergeBody({ merge_commit_message: 'BLANK' }, pull)).toBe('');
  });

  it('lists the commits of a squash unless configured otherwise', () => {
    expect(squashBody({}, pull, two)).toBe('* First\n\nBecause.\n\n* Second');
    expect(squashBody({ squash_merge_commit_message: 'COMMIT_MESSAGES' }, pull, ['Only\n\nBecause.'])).toBe('Because.');
    expect(squashBody({ squash_merge_commit_title: 'PR_TITLE' }, pull, ['Only'])).toBe('* Only');
    expect(squashBody({ squash_merge_commit_message: 'PR_BODY' }, pull, [])).toBe('Why.');
    expect(squashBody({ squash_merge_commit_message: 'BLANK' }, pull, [])).toBe('');
    expect([needsCommitMessages({}), needsCommitMessages({ squash_merge_commit_message: 'BLANK' })]).toEqual([
      true,
      false,
    ]);
  });
});
