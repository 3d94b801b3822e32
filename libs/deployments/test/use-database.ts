import { afterAll, beforeAll } from '@jest/globals';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { PullRequestEntity } from '@reunite/pull-requests';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { DeploymentCheckEntity } from '../src/checks/deployment-check.entity.js';
import { DeploymentFindingEntity } from '../src/checks/deployment-finding.entity.js';
import { DeploymentLogEntity } from '../src/lifecycle/deployment-log.entity.js';
import { DeploymentEntity } from '../src/lifecycle/deployment.entity.js';
import { ProjectEntity } from '../src/project/project.entity.js';

const entities = [
  DeploymentEntity,
  DeploymentCheckEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  ProjectEntity,
  PullRequestEntity,
];

/** Runs a migrated database during a suite. @returns its data source, once the tests run */
export function useDatabase(): () => DataSource {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    const settings = { url: postgres.url('reunite_bridge'), schema: 'bridge', entities } as const;
    await migrate({ ...settings, migrations: bridgeMigrations });
    dataSource = await createDataSource(settings).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  return () => dataSource;
}
