import type { Deployment } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import type { CommitStatus } from './simulator.client.js';
import type { World } from './world.js';

const BUILD_MS = 40_000;

/** Waits until the build of a commit has ended, whichever way. */
export async function finishedDeployment(
  world: World,
  commit: string,
  environment: Deployment['environment'],
): Promise<Deployment> {
  const projectId = world.known('projectId');
  return eventually(
    async () => {
      const all = await world.api.deployments(projectId);
      return all.find(
        (one) => one.commit === commit && one.environment === environment && ['success', 'failed'].includes(one.state),
      );
    },
    { what: `the ${environment} deployment of ${commit.slice(0, 7)} ends`, withinMs: BUILD_MS },
  );
}

/** The statuses of a commit on the server, per context and oldest first, when every context has come to its end. */
export async function finalStatuses(world: World, commit: string): Promise<Map<string, CommitStatus[]>> {
  return eventually(
    async () => {
      const contexts = new Map<string, CommitStatus[]>();
      for (const status of await world.simulator.statuses('acme/docs', commit)) {
        contexts.set(status.context, [...(contexts.get(status.context) ?? []), status]);
      }
      const ended = [...contexts.values()].every((list) => list.at(-1)?.state !== 'pending');
      return contexts.size > 0 && ended ? contexts : null;
    },
    { what: `the statuses of ${commit.slice(0, 7)} come to their end` },
  );
}
