import { describe, expect, it } from '@jest/globals';
import { permissionFlag, permissionFlags } from './permissions.js';

describe('permissionFlag', () => {
  it('prefers the stable name', () => {
    expect(permissionFlag(new Set(['--experimental-permission', '--permission']))).toBe('--permission');
    expect(permissionFlag(new Set(['--experimental-permission']))).toBe('--experimental-permission');
  });

  it('returns null if Node.js has no permission model', () => {
    expect(permissionFlag(new Set(['--inspect']))).toBeNull();
  });
});

describe('permissionFlags', () => {
  const folders = { read: ['/data/content/'], write: ['/data/artifacts'] };

  it('grants reading of code and folders, and writing of the folders for writing', () => {
    const flags = permissionFlags(folders, '--permission');
    expect(flags).toContain('--allow-fs-read=/data/content/*');
    expect(flags).toContain('--allow-fs-read=/data/artifacts/*');
    expect(flags.filter((flag) => flag.startsWith('--allow-fs-write'))).toEqual(['--allow-fs-write=/data/artifacts/*']);
    expect(flags.filter((flag) => flag.startsWith('--allow') && !flag.startsWith('--allow-fs'))).toEqual([]);
  });

  it('is empty if Node.js has no permission model', () => {
    expect(permissionFlags(folders, null)).toEqual([]);
  });
});
