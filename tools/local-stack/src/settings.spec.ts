import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

describe('readSettings', () => {
  it('has defaults for all settings', () => {
    const { dataDir, queueUrl, ports } = readSettings({});
    expect(dataDir).toBe('.local');
    expect(queueUrl).toBeUndefined();
    expect(ports).toEqual({
      api: 4300,
      ingest: 4310,
      vault: 4320,
      worker: 4330,
      apiGrpc: 4340,
      postgres: 4350,
      apiMetrics: 4360,
      ingestMetrics: 4361,
      previewMetrics: 4362,
      previewHost: 4400,
      simulator: 4500,
    });
  });

  it('reads port, folder and queue from the environment', () => {
    const env = { API_PORT: '5000', LOCAL_DATA_DIR: '/data', QUEUE_URL: 'redis://127.0.0.1:6379' };
    const { dataDir, queueUrl, ports } = readSettings(env);
    expect([dataDir, queueUrl, ports?.api]).toEqual(['/data', 'redis://127.0.0.1:6379', 5000]);
  });

  it('lists all invalid settings at once', () => {
    expect(() => readSettings({ API_PORT: 'x', QUEUE_URL: 'kafka://there' })).toThrow(/QUEUE_URL[^]*API_PORT/);
  });
});
