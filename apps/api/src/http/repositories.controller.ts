import { Controller, Get, Param } from '@nestjs/common';
import type { Branch } from '@reunite/contracts';
import { RepositoriesService } from '../application/repositories/repositories.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Identifies, Operation, branchesSchema } from './documented.js';

@Documented('Repositories')
@Controller('v1/repositories')
export class RepositoriesController {
  constructor(private readonly repositories: RepositoriesService) {}

  @Get(':id/branches')
  @Operation('ListRepositoryBranches', 'List the branches of a repository', 'Reads the branches from the server.')
  @Identifies('repository')
  @Answers(branchesSchema)
  async branches(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ items: Branch[] }> {
    return { items: await this.repositories.branches(caller, id) };
  }
}
