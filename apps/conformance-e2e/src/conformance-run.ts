import { serverReleases } from '@reunite/ghes-client';
import { recordClient } from './recorded-client.js';
import { runScenario } from './run-scenario.js';
import { SimulatorProcess } from './simulator-process.js';
import type { SimulatorReport } from './simulator-process.js';
import type { TestServer } from './test-server.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** Result of the run against a simulated release. */
export interface ConformanceRun {
  /** E.g. `3.19`. */
  readonly release: string;
  readonly report: SimulatorReport;
  /** Operations of the client that were called. */
  readonly called: readonly string[];
  /** Areas of the scenario that failed, with their error messages. */
  readonly failures: readonly string[];
  /** Operations of the client that the scenario does not cover. */
  readonly missing: readonly string[];
}

/** Oldest release that is checked; GitHub no longer supports older ones. */
const OLDEST_RELEASE = '3.14';

/** The releases that are checked, oldest first. */
export const checkedReleases = serverReleases
  .map(({ release }) => release)
  .filter((release, _index, all) => all.indexOf(release) >= all.indexOf(OLDEST_RELEASE));

/** Runs the scenario against a simulator of this release. */
export async function runConformance(release: string): Promise<ConformanceRun> {
  const version = `${release}.0`;
  const { ghes, called, missing } = recordClient();
  const simulator = await SimulatorProcess.start(version);
  const receiver = await WebhookReceiver.start();
  const network = ghes.ghesNetwork({ allowedCidrs: ['127.0.0.0/8', '::1/128'] });
  const as: TestServer['as'] = (auth) => ghes.createGhesClient({ origin: simulator.url, auth, network });
  try {
    const failures = await runScenario({ version, ghes, simulator, network, receiver, as });
    return { release, report: await simulator.report(), called: called(), failures, missing: missing() };
  } finally {
    await network.close();
    await simulator.stop();
    await receiver.stop();
  }
}
