import { CodedError } from '@reunite/contracts';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** An organization has reached its limit of rows of one kind. The message names the limit and the setting. */
export class QuotaExceededError extends CodedError {
  readonly code = 'quota-exceeded';

  constructor(what: string, limit: number, setting: string) {
    super(
      `Your organization has ${limit} ${what}, which is the limit. Delete some of them, or ask the operator to raise ${setting}.`,
    );
  }
}

export interface Quota<Entity extends ObjectLiteral & { organizationId: string }> {
  readonly entity: EntityTarget<Entity>;
  readonly limit: number;
  /** Plural noun for the message, e.g. `projects`. */
  readonly what: string;
  /** Environment variable that sets the limit. */
  readonly setting: string;
}

/**
 * Makes sure that an organization may add one more row. Creations of one organization wait for each other until their
 * transactions end, so that parallel requests cannot exceed the limit.
 *
 * @throws QuotaExceededError
 */
export async function assertQuota<Entity extends ObjectLiteral & { organizationId: string }>(
  db: EntityManager,
  organizationId: string,
  { entity, limit, what, setting }: Quota<Entity>,
): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`quota ${what} ${organizationId}`]);
  const where = { organizationId } as Parameters<typeof db.countBy<Entity>>[1];
  if ((await db.countBy(entity, where)) >= limit) throw new QuotaExceededError(what, limit, setting);
}
