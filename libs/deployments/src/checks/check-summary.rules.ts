/** Summarizes a check for its commit status, such as `2 errors, 1 warning`. */
export function summarizeFindings(errors: number, warnings: number): string {
  const counts = [count(errors, 'error'), count(warnings, 'warning')];
  return counts.filter((text) => text !== null).join(', ') || 'No problems found';
}

function count(number: number, noun: string): string | null {
  if (number === 0) return null;
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
