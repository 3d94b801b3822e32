/** A key for each check: a status and a check run, or the runs of two apps, may have the same name. */
export function checkKeys(checks: readonly { readonly name: string }[]): string[] {
  const seen = new Map<string, number>();
  return checks.map(({ name }) => {
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return `${nth} ${name}`;
  });
}
