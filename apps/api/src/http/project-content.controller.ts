import { Controller, Get, Param, Query } from '@nestjs/common';
import { contentQuerySchema, contentSchema, deploymentQuerySchema, deploymentSchema, pageOf } from '@reunite/contracts';
import type { Branch, Content, ContentQuery, Deployment, DeploymentQuery, Page } from '@reunite/contracts';
import { ContentService } from '../application/projects/content.service.js';
import { DeploymentsService } from '../application/deployments/deployments.service.js';
import { ProjectsService } from '../application/projects/projects.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, branchesSchema, Documented } from './documented.js';

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
  @Answers(contentSchema)
  content(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: contentQuerySchema }) query: ContentQuery,
  ): Promise<Content> {
    return this.contents.get(caller, id, query);
  }

  /** Lists the branches whose content is synced. */
  @Get('branches')
  @Answers(branchesSchema)
  async branches(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ items: Branch[] }> {
    return { items: await this.projects.branches(caller, id) };
  }

  @Get('deployments')
  @Answers(pageOf(deploymentSchema, 'DeploymentPage'))
  listDeployments(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deploymentQuerySchema }) query: DeploymentQuery,
  ): Promise<Page<Deployment>> {
    return this.deployments.list(caller, id, query);
  }
}
