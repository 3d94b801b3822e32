import { newId } from '@reunite/contracts';
import type { DataSource } from 'typeorm';

/**
 * Payloads of jobs that act on behalf of a user. The queue carries only the id of a row here, and only the API's
 * database role may insert rows, so that a process that can write to the queue cannot act as a user.
 */
export class UserActions {
  constructor(private readonly db: Pick<DataSource, 'query'>) {}

  /** Stores a payload for one run of a job. @returns the id for the queue */
  async save(job: string, payload: unknown): Promise<string> {
    const id = newId('userAction');
    const values = [id, job, JSON.stringify(payload)];
    await this.db.query('INSERT INTO user_action (id, job, payload) VALUES ($1, $2, $3)', values);
    return id;
  }

  /**
   * Binds a stored payload to a job of the queue and returns it. The same job may claim it again, because a lost
   * worker's job runs again; another job may not, so that a copied id does nothing.
   *
   * @returns null if there is no such row for this job
   */
  async claim(id: string, job: string, jobId: string): Promise<unknown> {
    const rows = await this.db.query<{ payload: unknown }[]>(
      `WITH claimed AS (
         UPDATE user_action SET job_id = $3 WHERE id = $1 AND job = $2 AND (job_id IS NULL OR job_id = $3) RETURNING payload
       ) SELECT payload FROM claimed`,
      [id, job, jobId],
    );
    return rows[0]?.payload ?? null;
  }

  /** Removes the payload of a finished job, and payloads that are older than an hour. */
  async remove(id: string, jobId: string): Promise<void> {
    await this.db.query(
      `DELETE FROM user_action WHERE (id = $1 AND job_id = $2) OR created_at < now() - interval '1 hour'`,
      [id, jobId],
    );
  }
}
