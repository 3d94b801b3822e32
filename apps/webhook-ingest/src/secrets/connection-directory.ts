import { Batcher } from '@reunite/concurrency';
import type pg from 'pg';

const BATCH_OPTIONS = { maxItems: 500 };

/** Which connections there are. Questions at the same time share one query, so that made-up ids cost little. */
export class ConnectionDirectory {
  private readonly byId = new Batcher<string, boolean>((ids) => this.findIds(ids), BATCH_OPTIONS);
  private readonly byApp = new Batcher<string, string[]>((appIds) => this.findByApp(appIds), BATCH_OPTIONS);

  constructor(private readonly pool: pg.Pool) {}

  exists(connectionId: string): Promise<boolean> {
    return this.byId.add(connectionId);
  }

  /**
   * Connections whose app has this id: app ids are small numbers of each server's own, so there may be several. Newest
   * first.
   */
  ofApp(appId: string): Promise<string[]> {
    return this.byApp.add(appId);
  }

  private async findIds(ids: readonly string[]): Promise<boolean[]> {
    const found = await this.pool.query<{ id: string }>('SELECT id FROM connection WHERE id = ANY($1)', [ids]);
    const known = new Set(found.rows.map(({ id }) => id));
    return ids.map((id) => known.has(id));
  }

  private async findByApp(appIds: readonly string[]): Promise<string[][]> {
    const found = await this.pool.query<{ id: string; app_id: string }>(
      'SELECT id, app_id::text FROM connection WHERE app_id = ANY($1::bigint[]) ORDER BY created_at DESC',
      [appIds],
    );
    return appIds.map((appId) => found.rows.filter((row) => row.app_id === appId).map(({ id }) => id));
  }
}
