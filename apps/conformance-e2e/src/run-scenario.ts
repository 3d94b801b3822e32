import { installApp } from './areas/app.area.js';
import { reportCommitStatus } from './areas/commit-checks.area.js';
import { readDeliveries, removeApp } from './areas/deliveries.area.js';
import { mergePullRequest } from './areas/pull-requests.area.js';
import { readRepository } from './areas/reading.area.js';
import { checkServerVersion } from './areas/server.area.js';
import { checkUserTokens } from './areas/user-tokens.area.js';
import type { TestInstallation, TestServer } from './test-server.js';

const areas: Readonly<Record<string, (installation: TestInstallation) => Promise<void>>> = {
  server: checkServerVersion,
  reading: readRepository,
  'pull requests': mergePullRequest,
  'statuses and checks': reportCommitStatus,
  'user tokens': checkUserTokens,
  deliveries: readDeliveries,
  removal: removeApp,
};

/**
 * Calls every operation of the client, from the creation of an app to its removal. An area that fails does not stop the
 * others.
 *
 * @returns one message for each area that failed
 */
export async function runScenario(server: TestServer): Promise<string[]> {
  const failures: string[] = [];
  const attempt = async <Result>(area: string, run: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await run();
    } catch (error) {
      failures.push(`${area}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const installed = await attempt('app', () => installApp(server));
  if (installed === undefined) return failures;
  for (const [area, run] of Object.entries(areas)) await attempt(area, () => run(installed));
  return failures;
}
