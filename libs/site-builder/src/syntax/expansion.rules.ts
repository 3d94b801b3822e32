/**
 * True if a parsed value, written out without aliases, has more than `limit` characters. With YAML aliases one object
 * can appear in many places, even inside of itself, so walking it might never end.
 */
export function expandsBeyond(value: unknown, limit: number): boolean {
  const open: unknown[] = [value];
  let size = 0;
  while (open.length > 0) {
    const next = open.pop();
    size += typeof next === 'string' ? next.length : 1;
    if (typeof next === 'object' && next !== null) {
      for (const [key, child] of Object.entries(next)) {
        size += key.length;
        open.push(child);
      }
    }
    if (size > limit) return true;
  }
  return false;
}
