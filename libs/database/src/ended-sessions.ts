import type { DataSource } from 'typeorm';

/** Sessions that ended before their tokens expire, shared by all replicas of the API. */
export class EndedSessions {
  constructor(private readonly db: Pick<DataSource, 'query'>) {}

  /** Ends a session. @param expiresAt expiry of its token; renewed tokens of it are rejected for a day at least */
  async end(sessionId: string, expiresAt: Date): Promise<void> {
    await this.db.query('DELETE FROM ended_session WHERE expires_at < now()');
    await this.db.query(
      `INSERT INTO ended_session (id, expires_at) VALUES ($1, greatest($2, now() + interval '1 day'))
       ON CONFLICT (id) DO UPDATE SET expires_at = greatest(ended_session.expires_at, excluded.expires_at)`,
      [sessionId, expiresAt],
    );
  }

  async isEnded(sessionId: string): Promise<boolean> {
    const rows: unknown[] = await this.db.query('SELECT 1 FROM ended_session WHERE id = $1', [sessionId]);
    return rows.length > 0;
  }
}
