/** A line of a unified patch, with its number on each side. */
export interface PatchLine {
  readonly kind: 'place' | 'added' | 'removed' | 'same' | 'note';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

const PLACE = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/**
 * Splits the patch of one file, as the REST API returns it: unified, without file headers.
 *
 * Libraries were measured and do not fit: `parse-diff` 0.12 takes quadratic time for a hunk header of many digits,
 * `parsePatch` of `diff` 9 throws if the patch is cut off, and `gitdiff-parser` 0.3 returns nothing without file
 * headers.
 */
export function patchLines(patch: string): PatchLine[] {
  let before = 0;
  let after = 0;
  return patch.split('\n').map((line): PatchLine => {
    const place = PLACE.exec(line);
    if (place) {
      before = Number(place[1]);
      after = Number(place[2]);
      return { kind: 'place', before: null, after: null, text: line };
    }
    const text = line.slice(1);
    switch (line[0]) {
      case '+':
        return { kind: 'added', before: null, after: after++, text };
      case '-':
        return { kind: 'removed', before: before++, after: null, text };
      case '\\':
        return { kind: 'note', before: null, after: null, text: text.trim() };
      default:
        return { kind: 'same', before: before++, after: after++, text };
    }
  });
}
