import { describe, expect, it } from '@jest/globals';
import type { ProjectEntity } from '../src/project/project.entity.js';
import { TestRepository } from './test-repository.js';
import { useDatabase } from './use-database.js';

interface Case {
  readonly name: string;
  /** One project of its defaults, unless told. */
  readonly projects?: Partial<ProjectEntity>[];
  readonly steps: (repository: TestRepository) => Promise<void>;
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
    const dataSource = useDatabase();

    it.each(cases)('$name; planned again, nothing changes', async ({ projects = [{}], steps, ...expected }) => {
      const repository = await TestRepository.open(dataSource(), ...projects);
      await steps(repository);
      await repository.planAll();
      expect(await repository.deployments()).toEqual(expected.deployments);
      expect(await repository.statuses()).toEqual(expected.statuses);
      expect(repository.enqueued).toEqual([]);
    });
  });
}
