import { describe, expect, it } from '@jest/globals';
import { isOfCommits, mergeText, squashText } from './merge-message.rules.js';

const pull = { title: 'Words', body: 'Why.' };
const two = ['First\n\nBecause.', 'Second\n'];

describe('the message of a merge', () => {
  it('is what the repository says', () => {
    expect(mergeText({}, pull)).toBe('Words');
    expect(mergeText({ merge_commit_message: 'PR_BODY' }, pull)).toBe('Why.');
    expect(mergeText({ merge_commit_message: 'PR_BODY' }, { title: 'Words', body: null })).toBe('');
    expect(mergeText({ merge_commit_message: 'BLANK' }, pull)).toBe('');
  });

  it('tells the commits of a squash, unless the repository says otherwise', () => {
    expect(squashText({}, pull, two)).toBe('* First\n\nBecause.\n\n* Second');
    expect(squashText({ squash_merge_commit_message: 'COMMIT_MESSAGES' }, pull, ['Only\n\nBecause.'])).toBe('Because.');
    expect(squashText({ squash_merge_commit_title: 'PR_TITLE' }, pull, ['Only'])).toBe('* Only');
    expect(squashText({ squash_merge_commit_message: 'PR_BODY' }, pull, [])).toBe('Why.');
    expect(squashText({ squash_merge_commit_message: 'BLANK' }, pull, [])).toBe('');
    expect([isOfCommits({}), isOfCommits({ squash_merge_commit_message: 'BLANK' })]).toEqual([true, false]);
  });
});
