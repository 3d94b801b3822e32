import { Controller, Get, Param, Query } from '@nestjs/common';
import { auditRecordSchema, connectionHealthSchema, forwardPageOf, forwardPageQuerySchema } from '@reunite/contracts';
import type { AuditRecord, ConnectionHealth, ForwardPage, ForwardPageQuery } from '@reunite/contracts';
import { ConnectionHealthService } from '../application/connections/connection-health.service.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Identifies, Operation } from './documented.js';

@Documented('Connections')
@Controller('v1/connections/:id')
export class ConnectionHealthController {
  constructor(private readonly health: ConnectionHealthService) {}

  @Get('health')
  @Operation(
    'GetConnectionHealth',
    'Get the health of a connection',
    'Returns the last delivery and call, rate limit, tokens, version and certificate of the server, and what the app uses of its permissions and events.',
  )
  @Identifies('connection')
  @Answers(connectionHealthSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ConnectionHealth> {
    return this.health.get(caller, id);
  }

  @Get('audit')
  @Operation(
    'ListConnectionAudit',
    'List the changes of credentials',
    'Returns the calls of the vault that changed the credentials of a connection, or attempted to, newest first.',
  )
  @Identifies('connection')
  @Requires('admin')
  @Answers(forwardPageOf(auditRecordSchema, 'AuditRecordPage'))
  audit(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: forwardPageQuerySchema }) query: ForwardPageQuery,
  ): Promise<ForwardPage<AuditRecord>> {
    return this.health.audit(caller, id, query);
  }
}
