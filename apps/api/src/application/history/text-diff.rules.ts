import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';

/**
 * Limits of a difference. Myers' algorithm takes time and memory that grow with the square of the number of edits and with
 * lines × edits: texts made for it would block the process.
 */
const MAX_LINES = 20_000;
const MAX_EDITS = 2_000;
const TIMEOUT_MS = 250;
/** A patch is at most as long as both texts; a longer one is not shown. */
const MAX_PATCH_LENGTH = 1_048_576;

/** Returns the unified difference of two texts without file headers, or null if a limit is exceeded. */
export function textDiff(before: string, after: string): string | null {
  if (lineCount(before) > MAX_LINES || lineCount(after) > MAX_LINES) return null;
  const limits = { context: 3, maxEditLength: MAX_EDITS, timeout: TIMEOUT_MS, headerOptions: OMIT_HEADERS };
  const patch = createTwoFilesPatch('', '', before, after, undefined, undefined, limits);
  if (patch === undefined || patch.length > MAX_PATCH_LENGTH) return null;
  return patch.trimEnd();
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
