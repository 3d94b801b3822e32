import { describedVersions, runConformance } from './conformance-run.js';
import type { ConformanceRun } from './conformance-run.js';
import { problemsOf, summaryOf } from './summary.js';

const runs: ConformanceRun[] = [];
for (const version of describedVersions) runs.push(await runConformance(version));
console.log(summaryOf(runs));
if (runs.flatMap(problemsOf).length > 0) process.exitCode = 1;
