import { lineAt } from '../syntax/yaml.rules.js';

/** Maximum number of places of one reference in a file. */
const MAX_PLACES = 20;

/**
 * The lines of a reference, in ascending order: where it stands in the syntax of a link in Markdown or HTML, or else
 * its first occurrence. Occurrences in fenced code are examples.
 */
export function linesOf(reference: string, text: string): number[] {
  if (reference === '') return [];
  const positions: number[] = [];
  let fallback = -1;
  for (let at = text.indexOf(reference); at !== -1; at = text.indexOf(reference, at + reference.length)) {
    fallback = fallback === -1 ? at : fallback;
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.charAt(at + reference.length);
    if (/[("'<=]$|[:-][ \t]$/.test(before) && /^[)"'>\s]?$/.test(after)) positions.push(at);
    if (positions.length >= MAX_PLACES) break;
  }
  const outside = positions.length > 1 ? positions.filter(outsideOfCode(text)) : positions;
  const shown = outside.length > 0 ? outside : positions.length > 0 ? positions.slice(0, 1) : [fallback];
  return shown.filter((at) => at !== -1).map((at) => lineAt(text, at));
}

function outsideOfCode(text: string): (position: number) => boolean {
  const fences = [...text.matchAll(/^ {0,3}(?:```|~~~)/gm)].map(({ index }) => index);
  return (position) => fences.filter((fence) => fence < position).length % 2 === 0;
}
