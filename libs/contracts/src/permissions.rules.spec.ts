import { describe, expect, it } from '@jest/globals';
import { includesLevel, missingPermissions } from './permissions.rules.js';

describe('permissions', () => {
  it('include lower levels', () => {
    expect(includesLevel('admin', 'write')).toBe(true);
    expect(includesLevel('write', 'write')).toBe(true);
    expect(includesLevel('read', 'write')).toBe(false);
  });

  it('are not granted at an unknown level', () => {
    expect(includesLevel('everything', 'read')).toBe(false);
  });

  it('are listed when they are missing or too low', () => {
    const granted = { contents: 'read', statuses: 'write', checks: 'admin' };
    const needed = { contents: 'write', metadata: 'read', statuses: 'write', checks: 'read' };
    expect(missingPermissions(granted, needed)).toEqual([
      { name: 'contents', level: 'write' },
      { name: 'metadata', level: 'read' },
    ]);
  });
});
