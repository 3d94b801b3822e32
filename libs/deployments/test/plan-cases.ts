import { describe, expect, it } from '@jest/globals';
import type { ProjectEntity } from '../src/project/project.entity.js';
import { DeploymentStand } from './deployment-stand.js';
import { useBridge } from './use-bridge.js';

interface Case {
  readonly name: string;
  /** One project of its defaults, unless told. */
  readonly projects?: Partial<ProjectEntity>[];
  readonly happens: (stand: DeploymentStand) => Promise<void>;
  readonly deployments: string[];
  readonly statuses: string[];
}

export const failure = { state: 'failed', reason: 'index.md: no' } as const;

/** The statuses that a commit gets of its production. */
export const build = (commit: string, ...states: string[]) =>
  states.map((state) => `${commit} Reunite (Docs): build ${state}`);

/** The statuses that a preview's commit gets. */
export const preview = (commit: string, ...states: string[]) =>
  states.flatMap((state) => ['build', 'preview'].map((check) => `${commit} Reunite (Docs): ${check} ${state}`));

/** What happens to a repository, and what is deployed and said in the end; planned again, nothing of it may change. */
export function planCases(subject: string, cases: Case[]): void {
  describe(subject, () => {
    const dataSource = useBridge();

    it.each(cases)('$name; planned again, nothing changes', async ({ projects = [{}], happens, ...expected }) => {
      const stand = await DeploymentStand.open(dataSource(), ...projects);
      await happens(stand);
      await stand.planAll();
      expect(await stand.deployments()).toEqual(expected.deployments);
      expect(await stand.statuses()).toEqual(expected.statuses);
      expect(stand.effects).toMatchObject({ builds: [], removed: [] });
    });
  });
}
