/** A TypeORM data source or a `pg` pool. */
interface Queryable {
  query(sql: string): Promise<unknown>;
}

/** Readiness check of a service that needs the database: runs an empty query. */
export function databaseReadiness(db: Queryable): { readonly name: string; readonly check: () => Promise<unknown> } {
  return { name: 'database', check: () => db.query('SELECT 1') };
}
