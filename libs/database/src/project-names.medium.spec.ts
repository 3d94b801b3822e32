import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { insertConnection, insertRepository, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { bridgeMigrations, createDataSource, migrate } from './index.js';

describe('the names of projects', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  const settings = (migrations = bridgeMigrations) => ({
    ...{ url: postgres.url('reunite_bridge'), schema: 'bridge' as const, entities: [], migrations },
  });
  const add = (organization: string, id: string, name: string, repository = 'rep_1') =>
    dataSource.query(
      `INSERT INTO project (id, organization_id, repository_id, name, production_branch, branch_previews,
         pull_request_previews, fork_previews) VALUES ($1, $2, $4, $3, 'main', '{}', true, false)`,
      [id, organization, name, repository],
    );
  const insertStatus = (repository: string, commit: string, context: string, state: string) =>
    dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description) VALUES ($1, $2, $3, $4, '')`,
      [repository, commit, context, state],
    );

  beforeAll(async () => {
    postgres = await startPostgres();
    const before = bridgeMigrations.findIndex(({ name }) => name.startsWith('UniteProjectNames'));
    await migrate(settings(bridgeMigrations.slice(0, before)));
    dataSource = await createDataSource(settings()).initialize();
    const connectionId = await insertConnection(dataSource, { organizationId: 'org_a' });
    await insertRepository(dataSource, { id: 'rep_1', connectionId });
    await insertRepository(dataSource, { id: 'rep_2', connectionId, githubId: 8, name: 'api' });
  });

  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });

  it('that differ only by case: existing ones get a number, new ones are rejected', async () => {
    const long = 'x'.repeat(79);
    await add('org_a', 'prj_1', 'Docs');
    await add('org_a', 'prj_2', 'docs');
    await add('org_a', 'prj_3', 'DOCS');
    await add('org_a', 'prj_4', 'docs (2)');
    await add('org_a', 'prj_5', `${long}y`);
    await add('org_a', 'prj_6', `${long}Y`);
    await add('org_b', 'prj_7', 'docs');
    await add('org_c', 'prj_8', 'Guide');
    await add('org_c', 'prj_9', 'guide', 'rep_2');
    // On the repository of the oldest project the context continues; on the other repository no project has the name.
    await insertStatus('rep_1', 'c1', 'Reunite (docs): build', 'pending');
    await insertStatus('rep_2', 'c1', 'Reunite (guide): build', 'pending');
    await insertStatus('rep_2', 'c1', 'Reunite (guide): lint', 'pending');
    await insertStatus('rep_2', 'c1', 'Reunite (guide): lint', 'success');
    await insertStatus('rep_2', 'c1', 'Reunite (guides): build', 'pending');
    await migrate(settings());
    const rows = await dataSource.query<{ project: string }[]>(
      `SELECT concat_ws(' ', name, settings_generation) AS project FROM project ORDER BY id`,
    );
    expect(rows.map(({ project }) => project)).toEqual([
      ...['Docs 1', 'docs (3) 2', 'DOCS (4) 2', 'docs (2) 1'],
      ...[`${long}y 1`, `${'x'.repeat(70)} (2) 2`, 'docs 1', 'Guide 1', 'guide (2) 2'],
    ]);
    const ended = await dataSource.query(
      `SELECT repository_id, context, description, settled_at FROM commit_status WHERE state = 'error'`,
    );
    expect(ended).toEqual([
      {
        ...{ repository_id: 'rep_2', context: 'Reunite (guide): build', settled_at: null },
        description: 'The project is called "guide (2)" now',
      },
    ]);
    await expect(add('org_a', 'prj_10', 'dOCS')).rejects.toMatchObject({ driverError: { code: '23505' } });
    await add('org_d', 'prj_10', 'dOCS');
  });
});
