import type { DataSource } from 'typeorm';
import { publishSessionEnd } from './live-events.js';
import type { EndedSession } from './live-events.js';

/** Sessions that were ended before their tokens expired, shared by all replicas of the API. */
export class EndedSessions {
  constructor(private readonly db: Pick<DataSource, 'query'>) {}

  /**
   * Ends a session. Its tokens are rejected until `expiresAt`, and for at least a day, because they may have been
   * renewed. Every replica ends the event streams of the session.
   *
   * @param expiresAt expiry of its token
   */
  async end(session: EndedSession, expiresAt: Date): Promise<void> {
    await this.db.query('DELETE FROM ended_session WHERE expires_at < now()');
    await this.db.query(
      `INSERT INTO ended_session (id, expires_at) VALUES ($1, greatest($2, now() + interval '1 day'))
       ON CONFLICT (id) DO UPDATE SET expires_at = greatest(ended_session.expires_at, excluded.expires_at)`,
      [session.sessionId, expiresAt],
    );
    await publishSessionEnd(this.db, session);
  }

  async isEnded(sessionId: string): Promise<boolean> {
    const rows: unknown[] = await this.db.query('SELECT 1 FROM ended_session WHERE id = $1', [sessionId]);
    return rows.length > 0;
  }
}
