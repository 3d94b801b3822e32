import { Injectable } from '@nestjs/common';
import { ConnectionEntity } from '@reunite/connections';
import { isId, NotFoundError } from '@reunite/contracts';
import type { IdKind } from '@reunite/contracts';
import { DeploymentEntity, ProjectEntity } from '@reunite/deployments';
import { RepositoryEntity } from '@reunite/repositories';
import { DataSource } from 'typeorm';

/**
 * Finds objects by ids from callers (P8). An object of another organization causes the same error as one that does not
 * exist. No other code may look up an id from a caller.
 */
@Injectable()
export class TenantLookup {
  constructor(private readonly dataSource: DataSource) {}

  async connection(organizationId: string, id: string): Promise<ConnectionEntity> {
    assertId('connection', id);
    return orNotFound(
      await this.dataSource.manager.findOneBy(ConnectionEntity, { id, organizationId }),
      'connection',
      id,
    );
  }

  async repository(organizationId: string, id: string): Promise<RepositoryEntity> {
    assertId('repository', id);
    const query = this.dataSource
      .createQueryBuilder(RepositoryEntity, 'repository')
      .innerJoin(ConnectionEntity, 'connection', 'connection.id = repository.connectionId')
      .where('repository.id = :id AND connection.organizationId = :organizationId', { id, organizationId });
    return orNotFound(await query.getOne(), 'repository', id);
  }

  async project(organizationId: string, id: string): Promise<ProjectEntity> {
    assertId('project', id);
    return orNotFound(await this.dataSource.manager.findOneBy(ProjectEntity, { id, organizationId }), 'project', id);
  }

  async deployment(organizationId: string, id: string): Promise<DeploymentEntity> {
    assertId('deployment', id);
    const query = this.dataSource
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .innerJoin(ProjectEntity, 'project', 'project.id = deployment.projectId')
      .where('deployment.id = :id AND project.organizationId = :organizationId', { id, organizationId });
    return orNotFound(await query.getOne(), 'deployment', id);
  }
}

/** Malformed ids do not reach the database: they may contain characters that PostgreSQL rejects. */
function assertId(kind: IdKind, id: string): void {
  if (!isId(kind, id)) throw notFound(kind, id);
}

function orNotFound<Entity>(entity: Entity | null, kind: IdKind, id: string): Entity {
  if (entity === null) throw notFound(kind, id);
  return entity;
}

function notFound(kind: IdKind, id: string): NotFoundError {
  return new NotFoundError(`There is no ${kind} ${JSON.stringify(id.slice(0, 60))}.`);
}
