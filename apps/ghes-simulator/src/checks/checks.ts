import type { Ghes } from '../ghes.js';
import type { CheckRun, CheckSuite, Repository } from '../state/model.js';

export type NewCheckRun = Omit<CheckRun, 'id' | 'suiteId' | 'repositoryId' | 'startedAt' | 'completedAt'> & {
  headBranch: string | null;
};

/** Creates a check run, and the suite of its commit and app unless it exists. */
export function createCheckRun(ghes: Ghes, repository: Repository, wanted: NewCheckRun): CheckRun {
  const { headBranch, ...rest } = wanted;
  const { appId, headSha } = rest;
  const now = ghes.clock.timestamp();
  const { store } = ghes;
  return store.change((state) => {
    const existing = suitesOf(ghes, repository, headSha).find((suite) => suite.appId === appId);
    const suite: CheckSuite = existing ?? {
      id: store.nextId('check_suite'),
      repositoryId: repository.id,
      appId,
      headBranch,
      headSha,
      createdAt: now,
    };
    if (!existing) state.checkSuites.push(suite);
    const completedAt = rest.status === 'completed' ? now : null;
    const ids = { id: store.nextId('check_run'), suiteId: suite.id, repositoryId: repository.id };
    const run: CheckRun = { ...rest, ...ids, startedAt: now, completedAt };
    state.checkRuns.push(run);
    return run;
  });
}

/** Changes a check run. Annotations are added to the earlier ones. */
export function updateCheckRun(
  ghes: Ghes,
  run: CheckRun,
  { annotations, ...change }: Pick<CheckRun, 'annotations'> & Partial<CheckRun>,
): CheckRun {
  return ghes.store.change(() => {
    Object.assign(run, change);
    run.annotations.push(...annotations);
    run.completedAt = run.status === 'completed' ? ghes.clock.timestamp() : null;
    return run;
  });
}

export function suitesOf(ghes: Ghes, repository: Repository, sha: string): CheckSuite[] {
  return ghes.store.state.checkSuites.filter((item) => item.repositoryId === repository.id && item.headSha === sha);
}

/** The newest run of each name and app, or all runs. */
export function runsOf(ghes: Ghes, repository: Repository, sha: string, all = false): CheckRun[] {
  const runs = ghes.store.state.checkRuns
    .filter((item) => item.repositoryId === repository.id && item.headSha === sha)
    .reverse();
  if (all) return runs;
  const key = ({ appId, name }: CheckRun) => `${appId}:${name}`;
  return runs.filter((run, index) => runs.findIndex((other) => key(other) === key(run)) === index);
}
