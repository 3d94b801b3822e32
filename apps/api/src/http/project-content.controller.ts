import { Controller, Get, Param, Query } from '@nestjs/common';
import { contentQuerySchema, contentSchema, deploymentQuerySchema, deploymentSchema, pageOf } from '@reunite/contracts';
import type { Branch, Content, ContentQuery, Deployment, DeploymentQuery, Page } from '@reunite/contracts';
import { ContentService } from '../application/projects/content.service.js';
import { DeploymentsService } from '../application/deployments/deployments.service.js';
import { ProjectsService } from '../application/projects/projects.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Identifies, Operation, branchesSchema } from './documented.js';

/** Files of a project. */
@Documented('Projects')
@Controller('v1/projects/:id')
export class ProjectContentController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly contents: ContentService,
    private readonly deployments: DeploymentsService,
  ) {}

  @Get('content')
  @Operation(
    'GetContent',
    'Get a folder or a file',
    'Returns the listing of a folder or the text of a file, from the synced content of a branch.',
  )
  @Identifies('project')
  @Answers(contentSchema)
  content(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: contentQuerySchema }) query: ContentQuery,
  ): Promise<Content> {
    return this.contents.get(caller, id, query);
  }

  @Get('branches')
  @Operation(
    'ListProjectBranches',
    'List the synced branches of a project',
    'Returns the branches whose content is synced.',
  )
  @Identifies('project')
  @Answers(branchesSchema)
  async branches(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ items: Branch[] }> {
    return { items: await this.projects.branches(caller, id) };
  }

  @Get('deployments')
  @Operation(
    'ListDeployments',
    'List deployments',
    'Returns the deployments of a project, newest first. Filters are combined.',
  )
  @Identifies('project')
  @Answers(pageOf(deploymentSchema, 'DeploymentPage'))
  listDeployments(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deploymentQuerySchema }) query: DeploymentQuery,
  ): Promise<Page<Deployment>> {
    return this.deployments.list(caller, id, query);
  }
}
