import { beforeAll, describe, expect, it } from '@jest/globals';
import { insertConnection, insertRepository } from '@reunite/testing';
import { useBridgeDatabase } from '@reunite/testing/jest';
import { JobOwners } from './job-owners.js';

describe('the owner of a job', () => {
  const dataSource = useBridgeDatabase();

  beforeAll(async () => {
    await insertConnection(dataSource(), { id: 'con_1' });
    await insertRepository(dataSource(), { id: 'rep_1', connectionId: 'con_1' });
    await dataSource().query(
      `INSERT INTO git_ref (id, repository_id, name, wanted_deleted) VALUES ('ref_1', 'rep_1', 'refs/heads/main', false)`,
    );
    await dataSource().query(
      `INSERT INTO project (id, organization_id, repository_id, name, production_branch, branch_previews,
         pull_request_previews, fork_previews) VALUES ('prj_1', 'org_1', 'rep_1', 'docs', 'main', '{}', true, false)`,
    );
    await dataSource().query(
      `INSERT INTO deployment (id, project_id, environment, ref_name, commit, tree, trigger, generation, state)
       VALUES ('dep_1', 'prj_1', 'production', 'refs/heads/main', 'c', 't', 'push', 1, 'queued')`,
    );
    await dataSource().query(
      `INSERT INTO commit_request (id, repository_id, branch, new_branch, expected_head, message)
       VALUES ('crq_1', 'rep_1', 'main', false, 'c', 'm')`,
    );
  });

  it.each([
    { connectionId: 'con_1' },
    { repositoryId: 'rep_1', commit: 'c' },
    { refId: 'ref_1' },
    { projectId: 'prj_1' },
    { deploymentId: 'dep_1' },
    { requestId: 'crq_1' },
  ])('is the connection that %p belongs to', async (payload) => {
    expect(await new JobOwners(dataSource()).of(payload)).toEqual({
      connectionId: 'con_1',
      organizationId: 'org_1',
      proven: false,
    });
  });

  it('is null for a row that does not exist and for a payload without an id of a connection', async () => {
    const owners = new JobOwners(dataSource());
    expect(await owners.of({ refId: 'ref_2' })).toBeNull();
    expect(await owners.of({ deliveryId: 'dlv_1' })).toBeNull();
  });

  it('is proven once a ref of the connection was synced', async () => {
    await dataSource().query('UPDATE git_ref SET synced_generation = 1');
    expect(await new JobOwners(dataSource()).of({ refId: 'ref_1' })).toMatchObject({ proven: true });
  });
});
