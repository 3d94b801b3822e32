import { describe, expect, it } from '@jest/globals';
import type { ProjectEntity } from '../src/project/project.entity.js';
import { TestRepository } from './test-repository.js';
import { useDatabase } from './use-database.js';

interface Case {
  readonly name: string;
  /** Default: one project with default settings. */
  readonly projects?: Partial<ProjectEntity>[];
  readonly steps: (repository: TestRepository) => Promise<void>;
  readonly deployments: string[];
  readonly statuses: string[];
}

export const failure = { state: 'failed', reason: 'index.md: no' } as const;

/** Statuses of a commit that is deployed to production. */
export const build = (commit: string, ...states: string[]) =>
  states.map((state) => `${commit} Reunite (Docs): build ${state}`);

/** Statuses of a commit that is deployed to a preview. */
export const preview = (commit: string, ...states: string[]) =>
  states.flatMap((state) => ['build', 'preview'].map((check) => `${commit} Reunite (Docs): ${check} ${state}`));

/** Runs steps on a repository and compares its deployments and statuses. A second plan must not change them. */
export function planCases(subject: string, cases: Case[]): void {
  describe(subject, () => {
    const dataSource = useDatabase();

    it.each(cases)('$name; a second plan changes nothing', async ({ projects = [{}], steps, ...expected }) => {
      const repository = await TestRepository.open(dataSource(), ...projects);
      await steps(repository);
      await repository.planAll();
      expect(await repository.deployments()).toEqual(expected.deployments);
      expect(await repository.statuses()).toEqual(expected.statuses);
      expect(repository.enqueued).toEqual([]);
    });
  });
}
