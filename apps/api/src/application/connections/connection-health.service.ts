import { Inject, Injectable } from '@nestjs/common';
import { ConnectionUsageEntity, neededEvents, neededPermissions, SelfTestEntity } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import type { AuditRecord, ConnectionHealth, ForwardPage, ForwardPageQuery, TokenUsage } from '@reunite/contracts';
import { ActivityLog } from '@reunite/database';
import { DeliveryLog } from '@reunite/deliveries';
import { supportOf } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { LOGGER } from '../../logger.js';
import type { Logger } from '../../logger.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { pageOfRows, readCursor } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** The health of a connection, and the changes of its credentials. */
@Injectable()
export class ConnectionHealthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly deliveries: DeliveryLog,
    private readonly activity: ActivityLog,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async get(caller: Caller, id: string): Promise<ConnectionHealth> {
    const connection = await this.lookup.connection(caller.organizationId, id);
    const { manager } = this.dataSource;
    const [test, usage, received, tokens] = await Promise.all([
      manager.findOneBy(SelfTestEntity, { connectionId: id }),
      manager.findOneBy(ConnectionUsageEntity, { connectionId: id }),
      this.deliveries.lastReceived(id),
      this.tokenUsage(caller, id),
    ]);
    const { support, ends } = supportOf(test?.serverVersion ?? undefined, new Date());
    const lastReceived = Math.max(...[...received.values()].map(Number));
    return {
      lastDeliveryAt: received.size === 0 ? null : new Date(lastReceived).toISOString(),
      lastCallAt: usage?.lastSuccessAt?.toISOString() ?? null,
      rateLimit: usage ? rateLimitOf(usage) : null,
      tokens: tokens && { lastDay: tokens.lastDay, lastAt: tokens.lastAt ?? null },
      serverVersion: test?.serverVersion ?? null,
      serverSupport: support,
      supportEnds: ends,
      certificateExpiresAt: test?.certificateExpiresAt?.toISOString() ?? null,
      permissions: permissionsOf(connection, tokens?.permissions ?? {}),
      events: eventsOf(connection, received),
    };
  }

  /** Lists the changes of the credentials that the vault recorded, newest first. */
  async audit(caller: Caller, id: string, { limit, after }: ForwardPageQuery): Promise<ForwardPage<AuditRecord>> {
    const { organizationId, subject } = caller;
    const { id: connectionId } = await this.lookup.connection(organizationId, id);
    const before = after === undefined ? 0 : Number(readCursor(after));
    const request = { organizationId, subject, connectionId, limit: limit + 1, before };
    const { records } = await this.vault.listAuditRecords(request);
    const names = await this.activity.namesOf(
      organizationId,
      records.map((record) => record.subject),
    );
    const { items, endCursor } = pageOfRows(records, { limit }, ({ seq }) => String(seq));
    return {
      items: items.map(({ seq, caller: service, subject: by, ...record }) => ({
        ...record,
        number: seq,
        service,
        subject: by === '' ? null : by,
        name: names.get(by) ?? null,
      })),
      endCursor,
    };
  }

  /** Returns null if the vault does not answer: the rest of the health is shown anyway. */
  private async tokenUsage({ organizationId, subject }: Caller, connectionId: string): Promise<TokenUsage | null> {
    try {
      return await this.vault.getTokenUsage({ organizationId, subject, connectionId });
    } catch (error) {
      this.logger.warn({ err: error, connectionId }, 'usage of tokens not read');
      return null;
    }
  }
}

function rateLimitOf(usage: ConnectionUsageEntity): ConnectionHealth['rateLimit'] {
  const { rateLimit: limit, rateRemaining: remaining, rateResetsAt, rateReadAt } = usage;
  if (limit === null || remaining === null || rateReadAt === null) return null;
  return { limit, remaining, resetsAt: rateResetsAt?.toISOString() ?? null, readAt: rateReadAt.toISOString() };
}

/** The needed permissions first, then the others that were granted. */
function permissionsOf(
  { permissions }: ConnectionEntity,
  usedAt: Readonly<Record<string, string>>,
): ConnectionHealth['permissions'] {
  // Servers report the permission `emails` of a manifest as `email_addresses`.
  const { email_addresses: emails, ...rest } = permissions;
  const granted: Record<string, string> = emails === undefined ? rest : { emails, ...rest };
  const needed: Readonly<Record<string, string>> = neededPermissions;
  return [...new Set([...Object.keys(needed), ...Object.keys(granted)])].map((name) => ({
    name,
    needed: needed[name] ?? 'none',
    granted: granted[name] ?? 'none',
    usedAt: usedAt[name] ?? null,
  }));
}

function eventsOf({ events }: ConnectionEntity, received: ReadonlyMap<string, Date>): ConnectionHealth['events'] {
  const needed: readonly string[] = neededEvents;
  return [...new Set([...needed, ...events])].map((name) => ({
    name,
    needed: needed.includes(name),
    subscribed: events.includes(name),
    receivedAt: received.get(name)?.toISOString() ?? null,
  }));
}
