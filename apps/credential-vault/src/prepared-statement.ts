import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * A statement that each connection of the data source's pool plans once. For the few that every token needs: what
 * TypeORM builds, and has planned again each time, takes them two to three times as long.
 */
export class PreparedStatement<Row extends QueryResultRow> {
  private readonly pool: Pool;

  constructor(
    dataSource: DataSource,
    /** Unique in the process. */
    private readonly name: string,
    private readonly text: string,
  ) {
    this.pool = (dataSource.driver as unknown as { readonly master: Pool }).master;
  }

  async run(values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({ name: this.name, text: this.text, values: [...values] });
    return rows;
  }
}
