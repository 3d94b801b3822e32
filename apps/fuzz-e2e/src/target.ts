import type fc from 'fast-check';

/** One entry point for foreign input. */
export interface FuzzTarget {
  readonly name: string;
  /**
   * Adds the property to check. `setUp` is called once before it.
   *
   * @returns a property that fails when the input crashes, hangs or corrupts its reader; rejecting the input is right
   */
  property(): fc.IAsyncProperty<unknown> | fc.IAsyncPropertyWithHooks<unknown>;
}

/** A case that takes longer is a hang. Far above what a loaded machine needs for one input of these sizes. */
const HANG_MS = 20_000;

/** Runs one input. @throws Error if it takes so long that a hostile sender could occupy the process with it */
export async function withoutHang<Result>(run: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await run();
  const took = performance.now() - start;
  if (took > HANG_MS) throw new Error(`One input took ${Math.round(took)} ms.`);
  return result;
}

/** Passes if `parse` returns, or throws an error that names a violation; any other error is a crash. */
export async function acceptsOrRejects(parse: () => unknown, isRejection: (error: unknown) => boolean): Promise<void> {
  await withoutHang(async () => {
    try {
      await parse();
    } catch (error) {
      if (!isRejection(error)) throw error;
    }
  });
}
