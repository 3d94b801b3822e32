import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  connectionSchema,
  createConnectionSchema,
  deleteConnectionQuerySchema,
  manifestFormSchema,
  pageOf,
  pageQuerySchema,
  repositoryQuerySchema,
  repositorySchema,
  takeOverSchema,
  updateConnectionSchema,
} from '@reunite/contracts';
import type {
  Connection,
  CreateConnection,
  ManifestForm,
  Page,
  PageQuery,
  Repository,
  RepositoryQuery,
  TakeOver,
  UpdateConnection,
} from '@reunite/contracts';
import { ConnectService } from '../application/connections/connect.service.js';
import { ConnectionsService } from '../application/connections/connections.service.js';
import { TakeOverService } from '../application/connections/take-over.service.js';
import { RepositoriesService } from '../application/repositories/repositories.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import {
  Accepts,
  AcceptsIdempotencyKey,
  Answers,
  AnswersNothing,
  Creates,
  Documented,
  Identifies,
  Operation,
} from './documented.js';

@Documented('Connections')
@Controller('v1/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ConnectionsService,
    private readonly connect: ConnectService,
    private readonly repositories: RepositoriesService,
    private readonly moves: TakeOverService,
  ) {}

  @Get()
  @Operation('ListConnections', 'List connections', 'Returns the connections of the organization, newest first.')
  @Answers(pageOf(connectionSchema, 'ConnectionPage'))
  list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Connection>> {
    return this.connections.list(caller, query);
  }

  @Post()
  @Operation(
    'CreateConnection',
    'Create a connection',
    'Begins to connect a server. The browser posts the returned form to the server, which creates the app and redirects back to `/callback/manifest`.',
  )
  @Requires('owner')
  @AcceptsIdempotencyKey()
  @Creates(manifestFormSchema)
  @Records('connection.create')
  create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: createConnectionSchema }) input: CreateConnection,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<ManifestForm> {
    return this.connect.begin(caller, input, key);
  }

  @Get(':id')
  @Operation('GetConnection', 'Get a connection', 'Returns a connection with its app and its installations.')
  @Identifies('connection')
  @Answers(connectionSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Connection> {
    return this.connections.get(caller, id);
  }

  @Patch(':id')
  @Operation('UpdateConnection', 'Rename a connection')
  @Identifies('connection')
  @Requires('owner')
  @Answers(connectionSchema)
  @Records('connection.update')
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: updateConnectionSchema }) change: UpdateConnection,
  ): Promise<Connection> {
    return this.connections.update(caller, id, change);
  }

  @Post(':id/take-over')
  @Operation(
    'TakeOverConnection',
    'Move the projects of a former connection',
    'Moves the projects of a connection to the same server under its former host name here, and deletes that connection. The ids of app, owner and repositories must agree.',
  )
  @Identifies('connection')
  @Requires('owner')
  @HttpCode(200)
  @Answers(connectionSchema)
  @Records('connection.take-over')
  takeOver(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: takeOverSchema }) input: TakeOver,
  ): Promise<Connection> {
    return this.moves.takeOver(caller, id, input);
  }

  @Delete(':id')
  @Operation(
    'DeleteConnection',
    'Delete a connection',
    'Deletes the credentials of the connection and stops its sync. `name` must be the name of the connection. Projects have to be deleted first.',
  )
  @Identifies('connection')
  @Requires('owner')
  @HttpCode(204)
  @AnswersNothing()
  @Records('connection.delete')
  delete(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deleteConnectionQuerySchema }) { name }: { name: string },
  ): Promise<void> {
    return this.connections.delete(caller, id, name);
  }

  @Post(':id/manifest')
  @Operation(
    'GetManifest',
    'Restart the setup of a connection',
    'Returns the form of a pending connection with a new state. Earlier forms of it are no longer accepted.',
  )
  @Identifies('connection')
  @Requires('owner')
  @HttpCode(200)
  @Answers(manifestFormSchema)
  @Records('connection.begin-setup')
  manifest(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ManifestForm> {
    return this.connect.beginAgain(caller, id);
  }

  @Post(':id/refresh')
  @Operation(
    'RefreshConnection',
    'Refresh a connection',
    'Schedules a refresh of the app, its installations and their repositories.',
  )
  @Identifies('connection')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('connection.refresh')
  refresh(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.connections.refresh(caller, id);
  }

  @Get(':id/repositories')
  @Operation(
    'ListRepositories',
    'List repositories',
    'Returns the repositories that the installations of a connection can access, newest first.',
  )
  @Identifies('connection')
  @Answers(pageOf(repositorySchema, 'RepositoryPage'))
  listRepositories(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: repositoryQuerySchema }) query: RepositoryQuery,
  ): Promise<Page<Repository>> {
    return this.repositories.list(caller, id, query);
  }
}
