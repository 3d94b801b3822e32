const ENDING = /\r\n|\r|\n/;

/** Normalizes line endings to `\n`, as the editor does. */
export function inTextarea(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/**
 * Restores the line endings of the original text after editing. Lines before and after the change keep
 * theirs; changed lines get the most common one.
 */
export function withEndingsOf(original: string, typed: string): string {
  const before = linesOf(original);
  const after = typed.split('\n').map((text, index, all) => ({ text, end: index === all.length - 1 ? '' : '\n' }));
  const isSame = (a: number, b: number) => before[a]?.text === after[b]?.text && !before[a]?.end === !after[b]?.end;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(head, head)) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(before.length - 1 - tail, after.length - 1 - tail)) tail += 1;
  const usual = usualEnding(before);
  const changed = after.slice(head, after.length - tail).map(({ text, end }) => ({ text, end: end && usual }));
  const lines = [...before.slice(0, head), ...changed, ...before.slice(before.length - tail)];
  const whole = lines.map(({ text, end }) => text + end).join('');
  // A lone `\r` directly before `\n` would become one line ending with it.
  return inTextarea(whole) === typed ? whole : typed.replaceAll('\n', usual);
}

interface Line {
  readonly text: string;
  /** Empty for the last line. */
  readonly end: string;
}

function linesOf(text: string): Line[] {
  const ends = text.match(new RegExp(ENDING, 'g')) ?? [];
  return text.split(ENDING).map((line, index) => ({ text: line, end: ends[index] ?? '' }));
}

function usualEnding(lines: readonly Line[]): string {
  const count = (end: string) => lines.filter((line) => line.end === end).length;
  return ['\n', '\r\n', '\r'].reduce((usual, end) => (count(end) > count(usual) ? end : usual));
}
