/**
 * One byte string for a list of texts and numbers, and no other list gives the same: each field is preceded by its
 * length. What is signed or bound as associated data is encoded this way, never by joining with a separator.
 */
export function canonical(label: string, fields: readonly (string | number)[]): Buffer {
  const parts = [label, ...fields].flatMap((field) => {
    const bytes = Buffer.from(String(field), 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(parts);
}

/** JSON with sorted keys: the same value is always the same text, whatever order it was built or stored in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
