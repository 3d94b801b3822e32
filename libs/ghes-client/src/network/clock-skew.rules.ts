/**
 * Computes how far the server's clock is ahead of the local one, from the `Date` header of a response.
 *
 * @param headers of the response; with an `age` header it is from a cache, whose date is of no use
 * @param sentAt local time in ms when the request was sent
 * @param receivedAt local time in ms when the headers arrived
 * @returns whole seconds, negative if the server is behind; undefined if unknown
 */
export function clockSkewOf(
  headers: Readonly<Record<string, string>>,
  sentAt: number,
  receivedAt: number,
): number | undefined {
  const serverTime = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(serverTime) || headers['age'] !== undefined) return undefined;
  // The header has whole seconds, so the actual time is half a second later on average.
  const skew = Math.round((serverTime + 500 - (sentAt + receivedAt) / 2) / 1000);
  return skew === 0 ? 0 : skew;
}
