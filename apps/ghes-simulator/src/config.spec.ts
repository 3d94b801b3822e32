import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

describe('configuration', () => {
  it('prefers flags to the environment, and the environment to defaults', () => {
    expect(readConfig(['--port', '1'], { PORT: '2', HOST: '0.0.0.0' })).toMatchObject({
      ok: true,
      config: { PORT: 1, HOST: '0.0.0.0', GHES_VERSION: '3.19.0', PRIVATE_MODE: false },
    });
  });

  it('reports all invalid settings at once', () => {
    const result = readConfig(['--port', 'x'], { PUBLIC_URL: 'ftp://x', PRIVATE_MODE: 'perhaps' });
    expect(result.ok ? [] : result.faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'PRIVATE_MODE',
    ]);
  });

  it('rejects an unknown flag', () => {
    expect(readConfig(['--prot', '1'], {})).toMatchObject({ ok: false });
  });
});
