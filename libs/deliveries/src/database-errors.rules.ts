/**
 * True if an error means that the database is unreachable, stopping or out of resources, not that it rejects a row.
 * Errors of the connection itself have no SQLSTATE. Classes: 08 connection, 53 resources, 57 operator intervention,
 * 58 system; 25006 is a standby that does not take writes.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error);
  return code === null || /^(08|53|57|58)/.test(code) || code === '25006';
}

/** True if another transaction inserts or has inserted the same key: 23505 unique violation, 40P01 deadlock. */
export function isKeyConflict(error: unknown): boolean {
  const code = sqlState(error);
  return code === '23505' || code === '40P01';
}

/**
 * True if the database can never store a value: 22 data exception (U+0000 in a text, a number out of range), 54 program
 * limit exceeded.
 */
export function isRejectedValue(error: unknown): boolean {
  const code =
    sqlState(error) ?? (error instanceof Error && 'driverError' in error ? sqlState(error.driverError) : null);
  return code !== null && /^(22|54)/.test(code);
}

function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
