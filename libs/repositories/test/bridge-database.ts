import { newId } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import type { DataSource, EntityManager } from 'typeorm';
import { GitRefEntity } from '../src/git-ref.entity.js';

/** A database with the real tables. */
export async function openBridge(url: string): Promise<DataSource> {
  const settings = { url, schema: 'bridge', entities: [GitRefEntity] } as const;
  await migrate({ ...settings, migrations: bridgeMigrations });
  return createDataSource(settings).initialize();
}

/** A repository of its own, for each test one. @returns its id */
export async function newRepository(db: EntityManager): Promise<string> {
  const [connection, repository] = [newId('connection'), newId('repository')];
  await db.query(
    `INSERT INTO connection (id, organization_id, name, origin, owner, status, created_by)
     VALUES ($1, 'org_1', $1, 'https://ghes.example.com', 'acme', 'connected', 'ada')`,
    [connection],
  );
  await db.query(
    `INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name, default_branch, private)
     VALUES ($1, $2, 7, 7, 'acme', 'docs', 'main', true)`,
    [repository, connection],
  );
  return repository;
}
