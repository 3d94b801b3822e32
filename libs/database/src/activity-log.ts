import { newId } from '@reunite/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** One call that changed something, or tried to. */
export interface ActivityRecord {
  readonly organizationId: string;
  /** Subject of the caller's token. */
  readonly subject: string;
  /** Name of the caller in the token. */
  readonly name: string;
  /** Session of the token, see `Caller`. */
  readonly sessionId: string;
  /** Name of the operation, such as `project.update`. */
  readonly action: string;
  /** Id of the changed object; null if there is none. */
  readonly target: string | null;
  /** More about the target: the branch of a commit, the name of a project. */
  readonly details: Readonly<Record<string, string>>;
  readonly protocol: 'http' | 'grpc';
  /** Network address of the client. */
  readonly address: string | null;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}

export interface ActivityRow extends ActivityRecord {
  readonly id: string;
  readonly at: Date;
}

const COLUMNS = `id, organization_id AS "organizationId", subject, name, session_id AS "sessionId", action, target,
  details, protocol, address, outcome, at`;

/**
 * Log of the changes that callers made. Rows are only added: the API's database role can neither update nor delete
 * them. The worker deletes rows by age, see {@link deleteOldActivity}.
 */
export class ActivityLog {
  constructor(private readonly db: Pick<DataSource, 'query'>) {}

  async add(record: ActivityRecord): Promise<void> {
    const { organizationId, subject, name, sessionId, action, target, protocol, address, outcome } = record;
    await this.db.query(
      `INSERT INTO activity
         (id, organization_id, subject, name, session_id, action, target, details, protocol, address, outcome)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        newId('activity'),
        organizationId,
        subject,
        name,
        sessionId,
        action,
        target,
        JSON.stringify(record.details),
        protocol,
        address,
        outcome,
      ],
    );
  }

  /**
   * Returns rows of an organization, the newest first; with `before`, the oldest first.
   *
   * @param cursors only rows older than the one with the id `after`, or newer than the one with the id `before`
   */
  async list(
    organizationId: string,
    limit: number,
    { after, before }: { readonly after?: string | undefined; readonly before?: string | undefined } = {},
  ): Promise<ActivityRow[]> {
    const cursor = after ?? before;
    const [operator, order] = before === undefined ? ['<', 'DESC'] : ['>', 'ASC'];
    const beyond = cursor === undefined ? '' : `AND id ${operator} $3`;
    return this.db.query<ActivityRow[]>(
      `SELECT ${COLUMNS} FROM activity WHERE organization_id = $1 ${beyond} ORDER BY id ${order} LIMIT $2`,
      [organizationId, limit, ...(cursor === undefined ? [] : [cursor])],
    );
  }

  /** The last names of callers by subject, among the newest 5,000 rows of the organization. */
  async namesOf(organizationId: string, subjects: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.db.query<{ subject: string; name: string }[]>(
      `SELECT DISTINCT ON (subject) subject, name
         FROM (SELECT id, subject, name FROM activity WHERE organization_id = $1 ORDER BY id DESC LIMIT 5000) recent
        WHERE subject = ANY($2) ORDER BY subject, id DESC`,
      [organizationId, subjects],
    );
    return new Map(rows.map(({ subject, name }) => [subject, name]));
  }
}

/**
 * Deletes a batch of old rows of the activity log, through a function of the database that spares rows of the last 30
 * days.
 *
 * @returns the number of deleted rows
 */
export async function deleteOldActivity(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const rows = await db.query<{ deleted: number }[]>('SELECT delete_old_activity($1, $2) AS deleted', [days, limit]);
  return rows[0]?.deleted ?? 0;
}
