import { Metadata } from '@grpc/grpc-js';
import { Ctx, GrpcMethod, Payload } from '@nestjs/microservices';
import { contentQuerySchema, createProjectSchema, pageQuerySchema, updateProjectSchema } from '@reunite/contracts';
import type { Branch, Content, Page, Project } from '@reunite/contracts';
import type {
  CreateProjectRequest,
  GetContentRequest,
  GetRequest,
  ListRequest,
  UpdateProjectRequest,
} from '@reunite/contracts/bridge';
import { ContentService } from '../application/projects/content.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { ProjectsService } from '../application/projects/projects.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import type { ExpectedVersion } from '../application/precondition.error.js';
import { IfMatch } from '../http/if-match.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';

@GrpcController()
export class ProjectsGrpcController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly contents: ContentService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @GrpcMethod('Projects', 'ListProjects')
  async list(@CurrentCaller() caller: Caller, @Payload() request: ListRequest): Promise<Page<Project>> {
    return this.projects.list(caller, validated(pageQuerySchema, request));
  }

  @GrpcMethod('Projects', 'GetProject')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Project> {
    return this.projects.get(caller, id);
  }

  @Requires('admin')
  @GrpcMethod('Projects', 'CreateProject')
  @Records('project.create')
  async create(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreateProjectRequest,
    @Ctx() metadata: Metadata,
  ): Promise<Project> {
    const input = validated(createProjectSchema, request);
    const operation = ['create project', input];
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), operation, () =>
      this.projects.create(caller, input),
    );
  }

  @Requires('admin')
  @GrpcMethod('Projects', 'UpdateProject')
  @Records('project.update')
  async update(
    @CurrentCaller() caller: Caller,
    @Payload() request: UpdateProjectRequest,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<Project> {
    return this.projects.update(caller, request.id, validated(updateProjectSchema, request), expected);
  }

  @Requires('admin')
  @GrpcMethod('Projects', 'DeleteProject')
  @Records('project.delete')
  async delete(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.projects.delete(caller, id);
    return {};
  }

  @Requires('write')
  @GrpcMethod('Projects', 'SyncProject')
  @Records('project.sync')
  async sync(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.projects.sync(caller, id);
    return {};
  }

  @GrpcMethod('Projects', 'GetContent')
  async content(@CurrentCaller() caller: Caller, @Payload() request: GetContentRequest): Promise<Content> {
    return this.contents.get(caller, request.id, validated(contentQuerySchema, request));
  }

  @GrpcMethod('Projects', 'ListProjectBranches')
  async branches(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<{ items: Branch[] }> {
    return { items: await this.projects.branches(caller, id) };
  }
}
