import { installApp } from './areas/app.area.js';
import { judgeCommit } from './areas/commit-checks.area.js';
import { readDeliveries, removeApp } from './areas/deliveries.area.js';
import { meetPeople } from './areas/people.area.js';
import { mergePullRequest } from './areas/pull-requests.area.js';
import { readRepository } from './areas/reading.area.js';
import { meetServer } from './areas/server.area.js';
import type { InstalledStage, Stage } from './stage.js';

const areas: Readonly<Record<string, (stage: InstalledStage) => Promise<void>>> = {
  server: meetServer,
  reading: readRepository,
  'pull requests': mergePullRequest,
  'statuses and checks': judgeCommit,
  people: meetPeople,
  deliveries: readDeliveries,
  removal: removeApp,
};

/**
 * An app's whole life on a server, in which every operation of the client is called for what it does.
 *
 * @returns what did not go as it must, each area once: the others go on
 */
export async function runScenario(stage: Stage): Promise<string[]> {
  const failures: string[] = [];
  const attempt = async <Result>(area: string, run: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await run();
    } catch (error) {
      failures.push(`${area}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const installed = await attempt('app', () => installApp(stage));
  if (installed === undefined) return failures;
  for (const [area, run] of Object.entries(areas)) await attempt(area, () => run(installed));
  return failures;
}
