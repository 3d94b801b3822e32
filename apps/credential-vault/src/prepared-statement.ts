import type { Pool, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * A statement that every connection of the pool plans once. Used for the statements of each token request: the ones
 * that TypeORM builds are planned again each time and take two to three times as long.
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
