import { describe, expect, it } from '@jest/globals';
import { identityMismatch } from './same-server.rules.js';

const identity = (own: object = {}) => ({
  ...{ id: 'con_1', name: 'Old', origin: 'https://old.example', appId: 7, ownerId: 4, status: 'connected' as const },
  refreshFinishedAt: new Date(),
  ...own,
});
const renamed = (own: object = {}) => identity({ id: 'con_2', name: 'New', origin: 'https://new.example', ...own });

describe('two connections', () => {
  it('lead to one server if the ids of app and owner agree', () => {
    expect(identityMismatch(identity(), renamed())).toBeNull();
    expect(identityMismatch(identity({ status: 'broken' }), renamed())).toBeNull();
    expect(identityMismatch(identity({ ownerId: null }), renamed())).toBeNull();
  });

  it.each([
    ['the same connection', identity(), identity(), 'same host name'],
    ['one origin', identity(), renamed({ origin: 'https://old.example' }), 'same host name'],
    ['another app', identity(), renamed({ appId: 8 }), 'keeps the id of the app'],
    ['another owner', identity(), renamed({ ownerId: 5 }), 'another owner'],
    ['one that was never refreshed', identity(), renamed({ refreshFinishedAt: null }), 'Refresh it'],
    ['one of an unknown owner', identity(), renamed({ ownerId: null }), 'Refresh it'],
    ['a broken one', identity(), renamed({ status: 'broken' }), 'is not connected'],
    ['one without an app', identity(), renamed({ appId: null }), 'is not connected'],
  ])('differ: %s', (_what, from, to, reason) => {
    expect(identityMismatch(from, to)).toContain(reason);
  });
});
