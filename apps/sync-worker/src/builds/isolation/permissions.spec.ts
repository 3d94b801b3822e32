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
    const flags = permissionFlags(folders, new Set(['--permission']));
    expect(flags).toContain('--allow-fs-read=/data/content/*');
    expect(flags).toContain('--allow-fs-read=/data/artifacts/*');
    expect(flags.filter((flag) => flag.startsWith('--allow-fs-write'))).toEqual(['--allow-fs-write=/data/artifacts/*']);
    expect(flags.filter((flag) => flag.startsWith('--allow') && !flag.startsWith('--allow-fs'))).toEqual([]);
  });

  it('turns off node:sqlite where Node.js has it', () => {
    const flags = (supported: readonly string[]) => permissionFlags(folders, new Set(['--permission', ...supported]));
    expect(flags(['--no-experimental-sqlite'])).toContain('--no-experimental-sqlite');
    expect(flags([])).not.toContain('--no-experimental-sqlite');
  });

  it('is empty if Node.js has no permission model', () => {
    expect(permissionFlags(folders, new Set(['--inspect']))).toEqual([]);
  });
});
