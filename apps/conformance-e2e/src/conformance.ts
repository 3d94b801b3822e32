import { checkedReleases, runConformance } from './conformance-run.js';
import type { ConformanceRun } from './conformance-run.js';
import { problemsOf, summaryOf } from './summary.js';

const runs: ConformanceRun[] = [];
for (const release of checkedReleases) runs.push(await runConformance(release));
console.log(summaryOf(runs));
if (runs.flatMap(problemsOf).length > 0) process.exitCode = 1;
