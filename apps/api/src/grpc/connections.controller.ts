import { Metadata } from '@grpc/grpc-js';
import { Ctx, GrpcMethod, Payload } from '@nestjs/microservices';
import {
  createConnectionSchema,
  deleteConnectionQuerySchema,
  pageQuerySchema,
  repositoryQuerySchema,
  takeOverSchema,
  updateConnectionSchema,
} from '@reunite/contracts';
import type { Branch, Connection, ManifestForm, Page, Repository } from '@reunite/contracts';
import type {
  CreateConnectionRequest,
  DeleteConnectionRequest,
  GetRequest,
  ListRepositoriesRequest,
  TakeOverConnectionRequest,
  UpdateConnectionRequest,
  ListRequest,
} from '@reunite/contracts/bridge';
import { ConnectService } from '../application/connections/connect.service.js';
import { ConnectionsService } from '../application/connections/connections.service.js';
import { TakeOverService } from '../application/connections/take-over.service.js';
import { RepositoriesService } from '../application/repositories/repositories.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';

@GrpcController()
export class ConnectionsGrpcController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly connect: ConnectService,
    private readonly repositories: RepositoriesService,
    private readonly moves: TakeOverService,
  ) {}

  @GrpcMethod('Connections', 'ListConnections')
  async list(@CurrentCaller() caller: Caller, @Payload() request: ListRequest): Promise<Page<Connection>> {
    return this.connections.list(caller, validated(pageQuerySchema, request));
  }

  @GrpcMethod('Connections', 'GetConnection')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Connection> {
    return this.connections.get(caller, id);
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'CreateConnection')
  @Records('connection.create')
  async create(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreateConnectionRequest,
    @Ctx() metadata: Metadata,
  ): Promise<ManifestForm> {
    const input = validated(createConnectionSchema, request);
    return this.connect.begin(caller, input, idempotencyKeyOf(metadata));
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'UpdateConnection')
  @Records('connection.update')
  async update(@CurrentCaller() caller: Caller, @Payload() request: UpdateConnectionRequest): Promise<Connection> {
    return this.connections.update(caller, request.id, validated(updateConnectionSchema, request));
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'TakeOverConnection')
  @Records('connection.take-over')
  async takeOver(@CurrentCaller() caller: Caller, @Payload() request: TakeOverConnectionRequest): Promise<Connection> {
    return this.moves.takeOver(caller, request.id, validated(takeOverSchema, request));
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'DeleteConnection')
  @Records('connection.delete')
  async delete(@CurrentCaller() caller: Caller, @Payload() request: DeleteConnectionRequest): Promise<object> {
    const { name } = validated(deleteConnectionQuerySchema, request);
    await this.connections.delete(caller, request.id, name);
    return {};
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'GetManifest')
  @Records('connection.begin-setup')
  async manifest(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<ManifestForm> {
    return this.connect.beginAgain(caller, id);
  }

  @Requires('write')
  @GrpcMethod('Connections', 'RefreshConnection')
  @Records('connection.refresh')
  async refresh(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.connections.refresh(caller, id);
    return {};
  }

  @GrpcMethod('Connections', 'ListRepositories')
  async listRepositories(
    @CurrentCaller() caller: Caller,
    @Payload() request: ListRepositoriesRequest,
  ): Promise<Page<Repository>> {
    return this.repositories.list(caller, request.id, validated(repositoryQuerySchema, request));
  }

  @GrpcMethod('Connections', 'ListRepositoryBranches')
  async branches(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<{ items: Branch[] }> {
    return { items: await this.repositories.branches(caller, id) };
  }
}
