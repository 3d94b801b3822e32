/**
 * How far the server's clock is ahead of ours, from the `Date` header of a response.
 *
 * @param headers - of the response; an `age` header means that a cache answered, whose date says nothing
 * @param sentAt - local time in ms when the request left
 * @param receivedAt - local time in ms when the headers were there
 * @returns whole seconds, negative if the server is behind; undefined if the response does not tell
 */
export function clockSkewOf(
  headers: Readonly<Record<string, string>>,
  sentAt: number,
  receivedAt: number,
): number | undefined {
  const serverTime = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(serverTime) || headers['age'] !== undefined) return undefined;
  // The header is cut to the second, so the true time lies half a second later on average.
  const skew = Math.round((serverTime + 500 - (sentAt + receivedAt) / 2) / 1000);
  return skew === 0 ? 0 : skew;
}
