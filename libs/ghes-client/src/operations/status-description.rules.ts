/** Longest description of a commit status, in characters. */
export const MAX_STATUS_DESCRIPTION = 140;

/** Shortens a description to the server's limit, ending in `…`. Counts code points, so that no character is split. */
export function cutStatusDescription(description: string): string {
  const characters = Array.from(description);
  if (characters.length <= MAX_STATUS_DESCRIPTION) return description;
  return `${characters.slice(0, MAX_STATUS_DESCRIPTION - 1).join('')}…`;
}
