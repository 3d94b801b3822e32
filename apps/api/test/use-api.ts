import { afterAll, beforeAll } from '@jest/globals';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { TestApi } from './test-api.js';

/**
 * Starts a database and the API before the tests of the suite, and stops them afterwards.
 *
 * @param environment returns additional configuration of the API; called with the folder of the suite
 */
export function useApi(
  environment: (folder: string) => Promise<Record<string, string>> = () => Promise.resolve({}),
): TestApi {
  const api = new TestApi();
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
    await api.start(
      postgres.url('reunite_bridge'),
      (folder) => ensureDevelopmentCa(folder, ['api', 'reunite-ui']),
      environment,
    );
  });
  afterAll(async () => {
    await api.stop();
    await postgres.stop();
  });
  return api;
}
