import { PullRequestEntity } from '@reunite/pull-requests';
import { useBridgeDatabase } from '@reunite/testing/jest';
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

/** Runs a database with the entities of this library, see {@link useBridgeDatabase}. */
export const useDatabase = () => useBridgeDatabase(entities);
