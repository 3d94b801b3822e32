import { newId } from '@reunite/contracts';

/** A data source, an entity manager or a pool. */
interface Database {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

/** The columns of a connection that tests choose. */
export interface ConnectionRow {
  readonly id: string;
  readonly organizationId: string;
  readonly origin: string;
  /** Null until the app is created. */
  readonly appId: number | null;
}

/** The columns of a repository that tests choose. */
export interface RepositoryRow {
  readonly id: string;
  readonly connectionId: string;
  readonly installationId: number;
  readonly githubId: number;
  readonly name: string;
}

/** Inserts a connected connection of the owner acme. @returns its id */
export async function insertConnection(db: Database, own: Partial<ConnectionRow> = {}): Promise<string> {
  const { id = newId('connection'), organizationId = 'org_1', origin = 'https://ghes.example.com', appId = null } = own;
  await db.query(
    `INSERT INTO connection (id, organization_id, name, origin, owner, status, app_id, created_by)
     VALUES ($1, $2, $1, $3, 'acme', 'connected', $4, 'ada')`,
    [id, organizationId, origin, appId],
  );
  return id;
}

/** Inserts a private repository of acme, by default with a connection of its own. @returns its id */
export async function insertRepository(db: Database, own: Partial<RepositoryRow> = {}): Promise<string> {
  const { id = newId('repository'), installationId = 7, githubId = 7, name = 'docs' } = own;
  const connectionId = own.connectionId ?? (await insertConnection(db));
  await db.query(
    `INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name, default_branch, private)
     VALUES ($1, $2, $3, $4, 'acme', $5, 'main', true)`,
    [id, connectionId, installationId, githubId, name],
  );
  return id;
}
