import type { Deployment } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import type { CommitStatus } from './simulator.client.js';
import type { TestStack } from './test-stack.js';

const BUILD_MS = 40_000;

/** Waits until the deployment of a commit has succeeded or failed. */
export async function finishedDeployment(
  stack: TestStack,
  commit: string,
  environment: Deployment['environment'],
): Promise<Deployment> {
  const projectId = stack.fact('projectId');
  return eventually(
    async () => {
      const all = await stack.api.deployments(projectId);
      return all.find(
        (one) => one.commit === commit && one.environment === environment && ['success', 'failed'].includes(one.state),
      );
    },
    { what: `the ${environment} deployment of ${commit.slice(0, 7)} is finished`, withinMs: BUILD_MS },
  );
}

/** Waits until every context of a commit has a final status. @returns statuses by context, oldest first */
export async function finalStatuses(stack: TestStack, commit: string): Promise<Map<string, CommitStatus[]>> {
  return eventually(
    async () => {
      const contexts = new Map<string, CommitStatus[]>();
      for (const status of await stack.simulator.statuses('acme/docs', commit)) {
        contexts.set(status.context, [...(contexts.get(status.context) ?? []), status]);
      }
      const final = [...contexts.values()].every((list) => list.at(-1)?.state !== 'pending');
      return contexts.size > 0 && final ? contexts : null;
    },
    { what: `all statuses of ${commit.slice(0, 7)} are final` },
  );
}
