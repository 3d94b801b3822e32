import fc from 'fast-check';
import { RunningStack } from './running-stack.js';
import type { FuzzTarget } from './target.js';
import { gitTargets } from './targets/git.targets.js';
import { grpcTarget } from './targets/grpc.target.js';
import { siteTargets } from './targets/site.targets.js';
import { apiTarget, webhookTarget } from './targets/stack.targets.js';

export interface FuzzOptions {
  /** Time for each target. */
  readonly seconds: number;
  /** Repeats a run. Default: another seed each time, which the result names. */
  readonly seed?: number | undefined;
  /** Runs only targets whose name begins so. */
  readonly only?: string | undefined;
  /** Called after each target. */
  readonly onResult?: (result: FuzzResult) => void;
}

export interface FuzzResult {
  readonly target: string;
  readonly cases: number;
  readonly seed: number;
  /** The smallest input that fails and its error; null if none was found. */
  readonly failure: string | null;
}

/** Targets that need no running process. */
export const inProcessTargets: readonly FuzzTarget[] = [...gitTargets, ...siteTargets];

/** Feeds one target for the given time. */
export async function fuzz(target: FuzzTarget, { seconds, seed }: FuzzOptions): Promise<FuzzResult> {
  const outcome = await fc.check(target.property(), {
    interruptAfterTimeLimit: seconds * 1_000,
    markInterruptAsFailure: false,
    // The time is the limit.
    numRuns: 1_000_000_000,
    ...(seed !== undefined && { seed }),
  });
  const failure = outcome.failed ? fc.defaultReportMessage(outcome) : undefined;
  return { target: target.name, cases: outcome.numRuns, seed: outcome.seed, failure: failure ?? null };
}

/** Feeds the in-process targets, then the stack's, which it starts and stops. */
export async function fuzzAll(options: FuzzOptions): Promise<FuzzResult[]> {
  const { only = '', onResult } = options;
  const results: FuzzResult[] = [];
  const run = async (target: FuzzTarget) => {
    if (!target.name.startsWith(only)) return;
    const result = await fuzz(target, options);
    results.push(result);
    onResult?.(result);
  };
  for (const target of inProcessTargets) await run(target);
  if (!['api', 'grpc', 'webhooks'].some((name) => name.startsWith(only))) return results;
  const stack = await RunningStack.start();
  try {
    await run(webhookTarget(stack));
    await run(await apiTarget(stack));
    const grpc = await grpcTarget(stack);
    await run(grpc);
    grpc.close();
  } finally {
    await stack.stop();
  }
  return results;
}
