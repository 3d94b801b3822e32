/** A key for each check: a status and a check run, or the runs of two apps, may have the same name. */
export function checkKeys(checks: readonly { readonly name: string }[]): string[] {
  const counts = new Map<string, number>();
  return checks.map(({ name }) => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return `${nth} ${name}`;
  });
}
