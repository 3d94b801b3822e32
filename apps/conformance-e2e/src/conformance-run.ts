import { serverReleases } from '@reunite/ghes-client';
import { recordClient } from './recorded-client.js';
import { runScenario } from './run-scenario.js';
import { SimulatorProcess } from './simulator-process.js';
import type { SimulatorReport } from './simulator-process.js';
import type { TestServer } from './test-server.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** Result of the run against one API description. */
export interface ConformanceRun {
  readonly report: SimulatorReport;
  /** Operations of the client that were called. */
  readonly called: readonly string[];
  /** Areas of the scenario that failed, with their error messages. */
  readonly failures: readonly string[];
  /** Operations of the client that the scenario does not cover. */
  readonly missing: readonly string[];
}

/** Server versions whose API descriptions are published. */
export const describedVersions = serverReleases
  .filter(({ described }) => described)
  .map(({ release }) => `${release}.0`);

/** Runs the scenario against a simulator of this version. */
export async function runConformance(version: string): Promise<ConformanceRun> {
  const { ghes, called, missing } = recordClient();
  const simulator = await SimulatorProcess.start(version);
  const receiver = await WebhookReceiver.start();
  const network = ghes.ghesNetwork({ allowedCidrs: ['127.0.0.0/8', '::1/128'] });
  const as: TestServer['as'] = (auth) => ghes.createGhesClient({ origin: simulator.url, auth, network });
  try {
    const failures = await runScenario({ version, ghes, simulator, network, receiver, as });
    return { report: await simulator.report(), called: called(), failures, missing: missing() };
  } finally {
    await network.close();
    await simulator.stop();
    await receiver.stop();
  }
}
