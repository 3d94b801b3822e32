import { describe, expect, it } from '@jest/globals';
import { CallerDeniedError } from './caller-denied.error.js';
import { authorizeToken } from './token-access.js';

describe('authorizeToken', () => {
  /** The requests of the worker's tasks, as its handlers make them. */
  const tasks: Record<string, [Record<string, string>, number[]]> = {
    'list repositories': [{ metadata: 'read' }, []],
    'fetch content': [{ contents: 'read' }, [42]],
    'send a commit status': [{ statuses: 'write' }, [42]],
    'mirror a pull request': [{ pull_requests: 'read' }, [42]],
    'read a pull request': [
      { pull_requests: 'read', contents: 'read', statuses: 'read', checks: 'read', administration: 'read' },
      [42],
    ],
    'read the merge methods': [{ contents: 'write', metadata: 'read' }, [42]],
    commit: [{ contents: 'write' }, [42]],
    'commit a workflow': [{ contents: 'write', workflows: 'write' }, [42]],
    'open a pull request': [{ pull_requests: 'write', contents: 'read' }, [42]],
    'fetch the content of a pull request': [{ pull_requests: 'read', contents: 'read' }, [42]],
    'comment on a pull request': [{ pull_requests: 'write' }, [42]],
    'merge a pull request': [{ contents: 'write', pull_requests: 'write' }, [42]],
  };

  it.each(Object.entries(tasks))('lets the worker %s', (_task, [permissions, repositoryIds]) => {
    expect(() => authorizeToken('sync-worker', { permissions, repositoryIds })).not.toThrow();
  });

  it.each([
    ['all repositories for reading content', { contents: 'read' }, []],
    ['all repositories for writing', { contents: 'write' }, []],
    ['two repositories', { contents: 'read' }, [42, 43]],
    ['every granted permission', { contents: 'write', pull_requests: 'write', statuses: 'write' }, [42]],
    ['writing where the worker only reads', { administration: 'write' }, [42]],
    ['administration', { contents: 'admin' }, [42]],
    ['a permission of no task', { members: 'read' }, [42]],
    ['a name of an object’s prototype', { constructor: 'read' }, [42]],
  ] as [string, Record<string, string>, number[]][])(
    'attack: denies a compromised worker %s',
    (_what, permissions, repositoryIds) => {
      expect(() => authorizeToken('sync-worker', { permissions, repositoryIds })).toThrow(CallerDeniedError);
    },
  );

  it.each(['api', 'webhook-ingest', 'constructor'])('attack: denies every token to %s', (caller) => {
    const request = { permissions: { metadata: 'read' }, repositoryIds: [] };
    expect(() => authorizeToken(caller, request)).toThrow(CallerDeniedError);
  });
});
