import { afterAll, beforeAll } from '@jest/globals';
import type { IdentityFiles } from '@reunite/platform';
import { ApiStand } from './api-stand.js';

/** Of `@reunite/testing`, which only specs may import. */
interface Testing {
  startPostgres(): Promise<{ url(role: 'reunite_bridge'): string; stop(): Promise<void> }>;
  ensureDevelopmentCa<Name extends string>(
    folder: string,
    names: readonly Name[],
  ): Promise<Record<Name, IdentityFiles>>;
}

/**
 * Starts a database and the API before the tests of the suite, and stops them after.
 *
 * @param environment of the API besides what every suite has; asked when the suite starts, with the suite's folder
 */
export function useApi(
  testing: Testing,
  environment: (folder: string) => Promise<Record<string, string>> = () => Promise.resolve({}),
): ApiStand {
  const stand = new ApiStand();
  let postgres: Awaited<ReturnType<Testing['startPostgres']>>;
  beforeAll(async () => {
    postgres = await testing.startPostgres();
    await stand.start(
      postgres.url('reunite_bridge'),
      (folder) => testing.ensureDevelopmentCa(folder, ['api', 'reunite-ui']),
      environment,
    );
  });
  afterAll(async () => {
    await stand.stop();
    await postgres.stop();
  });
  return stand;
}
