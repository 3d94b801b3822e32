/**
 * Encodes a list of fields injectively: each field is preceded by its length, so two lists never give the same bytes.
 * Associated data and hashed records use it, because joining with a separator is ambiguous. It stays ours: RFC 8785
 * (`canonicalize`) covers JSON values, not this encoding, and changing it would make every stored credential
 * unreadable.
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

/** JSON with sorted keys: equal values give equal texts, in whatever order their keys were added or stored. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
