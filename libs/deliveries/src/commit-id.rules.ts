const zeros = /^0+$/;

/** The id of all zeros: as `before` the ref was just created, as `after` it was deleted. */
export function isZeroCommit(id: string): boolean {
  return zeros.test(id);
}
