import { beforeAll, describe, expect, it } from '@jest/globals';
import { describedVersions, runConformance } from './conformance-run.js';
import type { ConformanceRun } from './conformance-run.js';
import { problemsOf, summaryOf } from './summary.js';

const newest = describedVersions.at(-1) ?? '';

describe(`the client and the simulator, by the description of ${newest}`, () => {
  let run: ConformanceRun;

  beforeAll(async () => {
    run = await runConformance(newest);
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
