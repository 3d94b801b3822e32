/** Longest description of a commit status, in characters. */
export const longestStatusDescription = 140;

/** A description as the server accepts it: longer ones end in `…`. Counts code points, so that no character is cut in two. */
export function cutStatusDescription(description: string): string {
  const characters = Array.from(description);
  if (characters.length <= longestStatusDescription) return description;
  return `${characters.slice(0, longestStatusDescription - 1).join('')}…`;
}
