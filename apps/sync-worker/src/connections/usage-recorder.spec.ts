import { describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { UsageRecorder } from './usage-recorder.js';

describe('the usage of connections', () => {
  it('is written once for many responses, with the smallest rest of an installation', async () => {
    const query = jest.fn((_sql: string, _values: string[]) => Promise.resolve([]));
    const recorder = new UsageRecorder({ manager: { query } } as unknown as DataSource, () => undefined);
    const respond = (remaining: number, quota: string, status = 200) =>
      recorder.record('con_1', {
        status,
        quota,
        headers: { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': String(remaining) },
      });
    respond(50, 'core installation:7');
    respond(20, 'core installation:8');
    respond(49, 'core installation:7');
    respond(1, 'core user:ada', 404);
    await recorder.close();
    await recorder.flush();
    expect(query).toHaveBeenCalledTimes(1);
    const [usage] = JSON.parse(query.mock.calls[0]?.[1][0] ?? '[]') as object[];
    expect(usage).toMatchObject({ connectionId: 'con_1', limit: 100, remaining: 20 });
    expect(usage).toHaveProperty('lastSuccessAt', expect.any(String));
  });
});
