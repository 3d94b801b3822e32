import { serverReleases } from '@reunite/ghes-client';
import { recordClient } from './recorded-client.js';
import { runScenario } from './run-scenario.js';
import { SimulatorProcess } from './simulator-process.js';
import type { SimulatorReport } from './simulator-process.js';
import type { Stage } from './stage.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** What the run against one description came to. */
export interface ConformanceRun {
  readonly report: SimulatorReport;
  readonly called: readonly string[];
  /** What did not go as it must. */
  readonly failures: readonly string[];
  /** Operations of the client that the scenario does not cover. */
  readonly missing: readonly string[];
}

/** Versions whose descriptions are published. */
export const describedVersions = serverReleases
  .filter(({ described }) => described)
  .map(({ release }) => `${release}.0`);

/** Plays the scenario against a server of this version. */
export async function runConformance(version: string): Promise<ConformanceRun> {
  const { ghes, called, missing } = recordClient();
  const simulator = await SimulatorProcess.start(version);
  const receiver = await WebhookReceiver.start();
  const network = ghes.ghesNetwork({ allowedCidrs: ['127.0.0.0/8', '::1/128'] });
  const as: Stage['as'] = (auth) => ghes.createGhesClient({ origin: simulator.url, auth, network });
  try {
    const failures = await runScenario({ version, ghes, simulator, network, receiver, as });
    return { report: await simulator.report(), called: called(), failures, missing: missing() };
  } finally {
    await network.close();
    await simulator.stop();
    await receiver.stop();
  }
}
