import { GhesError } from '@reunite/ghes-client';

/** A result passes through the queue and into a page: what one user writes on a server must not fill either. */
const MAX_ITEMS = 2_000;

/** Collects at most 2,000 items. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) if (collected.push(item) >= MAX_ITEMS) break;
  return collected;
}

/** Replaces an answer that the app has no permission for. The rest is useful without it. */
export async function orIfDenied<Answer, Fallback>(
  answer: Promise<Answer>,
  fallback: Fallback,
): Promise<Answer | Fallback> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GhesError && ['ghes-forbidden', 'ghes-not-found'].includes(error.code)) return fallback;
    throw error;
  }
}
