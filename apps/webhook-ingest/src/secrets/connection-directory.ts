import { GroupedCalls } from '@reunite/deliveries';
import type pg from 'pg';

const limits = { items: 500, parallel: 1 };

/** Which connections there are. Questions at the same time share one query, so that made-up ids cost little. */
export class ConnectionDirectory {
  private readonly byId = new GroupedCalls<string, boolean>((ids) => this.findIds(ids), limits);
  private readonly byApp = new GroupedCalls<string, string[]>((appIds) => this.findByApp(appIds), limits);

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

  private async findIds(ids: readonly string[]): Promise<PromiseSettledResult<boolean>[]> {
    const found = await this.pool.query<{ id: string }>('SELECT id FROM connection WHERE id = ANY($1)', [ids]);
    const known = new Set(found.rows.map(({ id }) => id));
    return ids.map((id) => ({ status: 'fulfilled', value: known.has(id) }));
  }

  private async findByApp(appIds: readonly string[]): Promise<PromiseSettledResult<string[]>[]> {
    const found = await this.pool.query<{ id: string; app_id: string }>(
      'SELECT id, app_id::text FROM connection WHERE app_id = ANY($1::bigint[]) ORDER BY created_at DESC',
      [appIds],
    );
    return appIds.map((appId) => ({
      status: 'fulfilled',
      value: found.rows.filter((row) => row.app_id === appId).map(({ id }) => id),
    }));
  }
}
