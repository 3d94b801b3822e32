import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { createProjectSchema, pageOf, pageQuerySchema, projectSchema, updateProjectSchema } from '@reunite/contracts';
import type { CreateProject, Page, PageQuery, Project, UpdateProject } from '@reunite/contracts';
import { IdempotencyService } from '../application/idempotency.service.js';
import { ProjectsService } from '../application/projects/projects.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import type { ExpectedVersion } from '../application/precondition.error.js';
import {
  Accepts,
  AcceptsIdempotencyKey,
  AcceptsIfMatch,
  Answers,
  AnswersNothing,
  Creates,
  Documented,
  ETAG_HEADER,
  Identifies,
  Operation,
} from './documented.js';
import { AnswersEtag, IfMatch } from './if-match.js';

@Documented('Projects')
@Controller('v1/projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Get()
  @Operation('ListProjects', 'List projects', 'Returns the projects of the organization, newest first.')
  @Answers(pageOf(projectSchema, 'ProjectPage'))
  list(@CurrentCaller() caller: Caller, @Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Project>> {
    return this.projects.list(caller, query);
  }

  @Post()
  @Operation(
    'CreateProject',
    'Create a project',
    'Creates a project from a folder of a repository, and schedules its first sync and build.',
  )
  @Requires('admin')
  @AcceptsIdempotencyKey()
  @Creates(projectSchema)
  @Records('project.create')
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: createProjectSchema }) input: CreateProject,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Project> {
    return this.idempotency.once(caller, key, ['create project', input], () => this.projects.create(caller, input));
  }

  @Get(':id')
  @Operation('GetProject', 'Get a project')
  @Identifies('project')
  @AnswersEtag()
  @Answers(projectSchema, ETAG_HEADER)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Project> {
    return this.projects.get(caller, id);
  }

  @Patch(':id')
  @Operation(
    'UpdateProject',
    'Update a project',
    'Keeps omitted settings. Branches and pull requests are planned again if settings change.',
  )
  @Identifies('project')
  @Requires('admin')
  @AcceptsIfMatch(false)
  @AnswersEtag()
  @Answers(projectSchema, ETAG_HEADER)
  @Records('project.update')
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: updateProjectSchema }) change: UpdateProject,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<Project> {
    return this.projects.update(caller, id, change, expected);
  }

  @Delete(':id')
  @Operation(
    'DeleteProject',
    'Delete a project',
    'Deletes the project with its deployments. The repository on the server is not changed.',
  )
  @Identifies('project')
  @Requires('admin')
  @HttpCode(204)
  @AnswersNothing()
  @Records('project.delete')
  delete(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.projects.delete(caller, id);
  }

  @Post(':id/sync')
  @Operation('SyncProject', 'Sync a project', 'Schedules a comparison of the repository with the server.')
  @Identifies('project')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('project.sync')
  sync(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.projects.sync(caller, id);
  }
}
