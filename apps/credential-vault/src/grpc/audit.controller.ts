import { Injectable } from '@nestjs/common';
import { ConnectionAudit } from '../audit/connection-audit.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods that read what the audit records about a connection. */
@Injectable()
export class AuditController implements Partial<VaultMethodHandlers> {
  constructor(private readonly audit: ConnectionAudit) {}

  async listAuditRecords(request: MethodRequest<'listAuditRecords'>): Promise<MethodResponse<'listAuditRecords'>> {
    return { records: await this.audit.changes(request, request.before, request.limit) };
  }

  async getTokenUsage(request: MethodRequest<'getTokenUsage'>): Promise<MethodResponse<'getTokenUsage'>> {
    const { lastDay, lastAt, permissions } = await this.audit.tokens(request);
    const times = Object.entries(permissions).map(([name, at]) => [name, new Date(at).toISOString()]);
    const usage = { lastDay, permissions: Object.fromEntries(times) as Record<string, string> };
    return lastAt === null ? usage : { ...usage, lastAt: lastAt.toISOString() };
  }
}
