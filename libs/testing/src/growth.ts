/** Settings of {@link growthExponent}. */
export interface GrowthOptions {
  /** Size of the largest input. Default: 1 Mi. */
  readonly maxSize?: number;
  /** Runs of each size; the fastest counts. Default: 3. */
  readonly runs?: number;
}

/** Exponents above are taken for quadratic. */
const MAX_EXPONENT = 1.6;
const STEP = 4;
/** Two sizes are compared that lie this far apart: far enough to tell n·log(n) from n². */
const DISTANCE = STEP * STEP;
/** Shorter runs say nothing about growth. */
const NOISE_MS = 3;
/** A run this long at a small size is compared at once: a quadratic function would take minutes at the largest size. */
const SLOW_MS = 150;

/**
 * The exponent with which the time of `run` grows with the size of its input: about 1 for a linear function, about 2
 * for a quadratic one. It compares CPU times of two sizes, so that it holds on a slow or busy machine. Require less
 * than 1.6. A larger exponent is measured up to three times, since garbage collection may fall into
 * one run only; the smallest counts.
 *
 * @param input makes an input of about `size` characters or bytes
 * @param run may throw: rejecting an input is fine if it is fast
 */
export function growthExponent<Input>(
  input: (size: number) => Input,
  run: (input: Input) => unknown,
  options: GrowthOptions = {},
): number {
  let exponent = Infinity;
  for (let attempt = 0; attempt < 3 && exponent > MAX_EXPONENT; attempt++) {
    exponent = Math.min(exponent, measureExponent(input, run, options));
  }
  return exponent;
}

function measureExponent<Input>(
  input: (size: number) => Input,
  run: (input: Input) => unknown,
  { maxSize = 1_048_576, runs = 3 }: GrowthOptions,
): number {
  const times: number[] = [];
  for (let size = maxSize / STEP ** 5; size <= maxSize; size *= STEP) {
    times.push(Math.max(fastest(input(size), run, runs), NOISE_MS));
    if (times.length > 2 && (times.at(-1) ?? 0) > SLOW_MS && exponentOf(times) > MAX_EXPONENT) break;
  }
  return exponentOf(times);
}

function exponentOf(times: readonly number[]): number {
  return Math.log((times.at(-1) ?? 1) / (times.at(-3) ?? 1)) / Math.log(DISTANCE);
}

function fastest<Input>(input: Input, run: (input: Input) => unknown, runs: number): number {
  let best = Infinity;
  for (let count = 0; count < runs; count++) {
    const start = process.cpuUsage();
    try {
      run(input);
    } catch {
      // Counted like an answer.
    }
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
    if (best > SLOW_MS) break;
  }
  return best;
}
