import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkedReleases, runConformance } from './conformance-run.js';
import type { ConformanceRun } from './conformance-run.js';
import { problemsOf, summaryOf } from './summary.js';

const newest = checkedReleases.at(-1) ?? '';

describe.each(['3.19', newest])('the client and the simulator, as release %s', (release) => {
  let run: ConformanceRun;

  beforeAll(async () => {
    run = await runConformance(release);
  }, 120_000);

  it('cover every operation of the client', () => {
    expect(run.missing).toEqual([]);
    expect(run.called).toEqual(expect.arrayContaining(['createCommitOnBranch', 'moveRef']));
  });

  it('follow the description in every request, response and webhook', () => {
    expect(problemsOf(run)).toEqual([]);
    expect(run.report.responses).toBeGreaterThan(50);
    expect(run.report.events).toMatchObject({ push: expect.any(Number), ping: expect.any(Number) });
    expect(run.report.graphql).toBeGreaterThan(1);
  });

  it('fail for an operation that was not called', () => {
    const incomplete = { ...run, missing: ['getMeta'] };
    expect(summaryOf([incomplete])).toMatch(/getMeta is an operation of the client.*\n1 violations$/);
  });
});
