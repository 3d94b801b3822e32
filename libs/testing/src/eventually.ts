/** Settings of {@link eventually}. */
export interface EventuallyOptions {
  /** Description of the awaited state, for the error message. Default: the source text of the probe. */
  readonly what?: string;
  /** Longest wait in ms. Default: 25,000, which is below Jest's timeout, so that this error is the one reported. */
  readonly withinMs?: number;
  /** Pause between two calls of the probe in ms. Default: a tenth of the time waited so far, from 10 to 100. */
  readonly everyMs?: number;
  /** Describes the current state, for the error message. */
  readonly state?: () => unknown;
  /** Stops waiting when it is aborted. */
  readonly signal?: AbortSignal;
}

type Absent = null | undefined | false | 0 | '';

/**
 * Calls `probe` until it returns a truthy value, and returns that value. A probe that throws is called again.
 *
 * @throws Error naming `what` and `state`, with the last error of the probe as its cause, after `withinMs`
 */
export async function eventually<Value>(
  probe: () => Value | Promise<Value>,
  options: EventuallyOptions = {},
): Promise<Exclude<Value, Absent>> {
  const { what = probe.toString(), withinMs = 25_000, everyMs, state, signal } = options;
  const start = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    let cause: unknown;
    try {
      const value = await probe();
      if (value) return value as Exclude<Value, Absent>;
    } catch (error) {
      cause = error;
    }
    const waited = Date.now() - start;
    if (waited > withinMs) {
      const actual = state ? `; instead: ${JSON.stringify(await state(), null, 1)}` : '';
      throw new Error(`Not within ${withinMs / 1_000} s: ${what}${actual}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs ?? Math.min(100, Math.max(10, waited / 10))));
  }
}
