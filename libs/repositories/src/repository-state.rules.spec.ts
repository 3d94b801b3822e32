import { describe, expect, it } from '@jest/globals';
import { repositoryState } from './repository-state.rules.js';
import type { UnavailableCause } from './repository-state.rules.js';

const connected = { status: 'connected', statusReason: null };
const docs = { owner: 'acme', name: 'docs', available: true, unavailableCause: null, archived: false };
const state = (repository: object, connection = connected) =>
  repositoryState({ repository: { ...docs, ...repository }, connection });

describe('the state of a repository', () => {
  it('is available without a cause', () => {
    expect(state({})).toEqual({ state: 'available', cause: null, remedy: null });
  });

  it.each<[UnavailableCause, RegExp, RegExp]>([
    ['suspended', /installation of the app on acme is suspended/, /unsuspends/],
    ['not-installed', /not installed on acme/, /installs the app again/],
    ['not-included', /does not include acme\/docs/, /adds the repository/],
    ['moved-away', /transferred to acme\/docs/, /installs the app/],
    ['not-found', /no longer shows acme\/docs/, /connect another repository/],
  ])('is %s with the cause and the remedy for it', (cause, why, what) => {
    const { state: name, cause: text, remedy } = state({ available: false, unavailableCause: cause });
    expect([name, text, remedy]).toEqual([cause, expect.stringMatching(why), expect.stringMatching(what)]);
    expect(`${text ?? ''} ${remedy ?? ''}`).not.toMatch(/private key/);
  });

  it('is archived if the repository is archived on the server', () => {
    expect(state({ archived: true })).toMatchObject({
      state: 'archived',
      remedy: expect.stringContaining('Unarchive'),
    });
  });

  it('is that of its connection if the connection is broken', () => {
    const broken = { status: 'broken', statusReason: 'The app was deleted on the server.' };
    expect(repositoryState({ repository: docs, connection: broken })).toMatchObject({
      state: 'connection-broken',
      cause: 'The app was deleted on the server.',
    });
  });
});
