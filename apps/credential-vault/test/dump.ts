import type { DataSource } from 'typeorm';

export type Row = Record<string, unknown>;
/** All tables of schema `vault`, by name. */
export type Dump = ReadonlyMap<string, readonly Row[]>;

export async function dump(database: DataSource): Promise<Dump> {
  const tables: { table_name: string }[] = await database.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'vault'`,
  );
  const entries = tables.map(async ({ table_name: name }) => {
    const rows: Row[] = await database.query(`SELECT * FROM vault.${name}`);
    return [name, rows] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The dump as text. Binary columns are included as their bytes, so that a secret in them is found too. */
export function textOf(dumped: Dump): string {
  return [...dumped.values()]
    .flat()
    .flatMap((row) => Object.values(row))
    .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
    .join('\n');
}

/** Restores the rows of a connection from a dump. */
export async function restore(database: DataSource, dumped: Dump, connectionId: string): Promise<void> {
  await database.transaction(async (manager) => {
    for (const [table, key] of [
      ['connection', 'id'],
      ['credential', 'connection_id'],
      ['user_account', 'connection_id'],
      ['sign_in_flow', 'connection_id'],
    ] as const) {
      for (const row of (dumped.get(table) ?? []).filter((candidate) => candidate[key] === connectionId)) {
        const columns = Object.keys(row);
        const places = columns.map((_, i) => `$${i + 1}`);
        await manager.query(`INSERT INTO ${table} (${columns.join()}) VALUES (${places.join()})`, Object.values(row));
      }
    }
  });
}
