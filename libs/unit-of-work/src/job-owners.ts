import type { JobOwner } from '@reunite/queueing';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';

/** The connection of a job, by the first of these ids that its payload has. */
const CONNECTION_OF = {
  connectionId: 'SELECT id FROM connection WHERE id = $1',
  repositoryId: 'SELECT connection_id AS id FROM repository WHERE id = $1',
  refId: `SELECT connection_id AS id FROM git_ref JOIN repository ON repository.id = repository_id WHERE git_ref.id = $1`,
  projectId: `SELECT connection_id AS id FROM project JOIN repository ON repository.id = repository_id
    WHERE project.id = $1`,
  deploymentId: `SELECT connection_id AS id FROM deployment JOIN project ON project.id = project_id
    JOIN repository ON repository.id = repository_id WHERE deployment.id = $1`,
  requestId: `SELECT connection_id AS id FROM commit_request JOIN repository ON repository.id = repository_id
    WHERE commit_request.id = $1`,
} as const;

type OwnerId = keyof typeof CONNECTION_OF;

/** A row never moves to another connection, so entries do not expire; this only limits memory. */
const MAX_IDS = 50_000;
const MAX_CONNECTIONS = 10_000;
const OWNER_TTL_MS = 30_000;
/** Short, because the other refs of a connection should not wait after the first sync has proven it. */
const UNPROVEN_TTL_MS = 500;

/** Finds the connection and organization that a job works for, so that slots can be shared between them. */
export class JobOwners {
  private readonly connections = new LRUCache<string, string>({ max: MAX_IDS });
  private readonly owners = new LRUCache<string, JobOwner>({ max: MAX_CONNECTIONS });

  constructor(private readonly dataSource: Pick<DataSource, 'query'>) {}

  /** Returns null if the payload names no row of a connection, or if the row is deleted. */
  async of(payload: unknown): Promise<JobOwner | null> {
    const connectionId = await this.connectionOf(payload as Readonly<Record<string, unknown>>);
    return connectionId === null ? null : this.owner(connectionId);
  }

  private async connectionOf(payload: Readonly<Record<string, unknown>>): Promise<string | null> {
    const key = (Object.keys(CONNECTION_OF) as OwnerId[]).find((name) => typeof payload[name] === 'string');
    if (!key) return null;
    const id = payload[key] as string;
    const cached = this.connections.get(id);
    if (cached !== undefined) return cached;
    const [row] = await this.dataSource.query<{ id: string }[]>(CONNECTION_OF[key], [id]);
    if (row) this.connections.set(id, row.id);
    return row?.id ?? null;
  }

  private async owner(connectionId: string): Promise<JobOwner | null> {
    const cached = this.owners.get(connectionId);
    if (cached) return cached;
    const [row] = await this.dataSource.query<JobOwner[]>(
      `SELECT id AS "connectionId", organization_id AS "organizationId", EXISTS (
         SELECT 1 FROM repository JOIN git_ref ON repository_id = repository.id
         WHERE connection_id = connection.id AND synced_generation > 0
       ) AS proven
       FROM connection WHERE id = $1`,
      [connectionId],
    );
    if (row) this.owners.set(connectionId, row, { ttl: row.proven ? OWNER_TTL_MS : UNPROVEN_TTL_MS });
    return row ?? null;
  }
}
