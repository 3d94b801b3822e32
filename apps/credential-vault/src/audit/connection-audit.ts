import { Injectable } from '@nestjs/common';
import type { VaultAuditRecord } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { AuditRecordEntity } from './audit-record.entity.js';

/** Most tokens that are counted, and days that are looked back: a busy connection has thousands of records a day. */
const MAX_TOKENS = 5_000;
const TOKEN_DAYS = 7;

/** Tokens of a connection that were handed out lately. */
export interface CountedTokens {
  readonly lastDay: number;
  readonly lastAt: Date | null;
  /** Permission to the time of the last token with it. */
  readonly permissions: Readonly<Record<string, string>>;
}

interface Target {
  readonly organizationId: string;
  readonly connectionId: string;
}

type ListedRow = Pick<AuditRecordEntity, 'seq' | 'at' | 'caller' | 'method' | 'outcome'> & {
  readonly scope: Readonly<Record<string, unknown>>;
};

/** Reads the audit of one connection. */
@Injectable()
export class ConnectionAudit {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Lists the calls that changed something, or attempted to, newest first. Reads and tokens are left out.
   *
   * @param before only records with a lower number; 0 for the newest
   */
  async changes({ organizationId, connectionId }: Target, before: number, limit: number): Promise<VaultAuditRecord[]> {
    // The conditions on `method` are those of the index audit_record_changes.
    const rows = await this.dataSource.query<ListedRow[]>(
      `SELECT seq, at, caller, method, scope, outcome FROM audit_record
       WHERE organization_id = $1 AND connection_id = $2 AND ($3::bigint = 0 OR seq < $3)
         AND method NOT LIKE 'get%' AND method NOT LIKE 'list%' AND method NOT LIKE 'read%' AND method NOT LIKE 'mint%'
       ORDER BY seq DESC LIMIT $4`,
      [organizationId, connectionId, before, limit],
    );
    return rows.map(({ seq, at, scope: { subject, ...scope }, ...row }) => ({
      ...row,
      seq,
      at: at.toISOString(),
      subject: typeof subject === 'string' ? subject : '',
      details: Object.fromEntries(Object.entries(scope).map(([name, value]) => [name, textOf(value)])),
    }));
  }

  /** Counts the installation tokens of the last seven days, at most 5,000. */
  async tokens({ organizationId, connectionId }: Target): Promise<CountedTokens> {
    const [counted] = await this.dataSource.query<[CountedTokens]>(
      `WITH token AS (
         SELECT at, scope FROM audit_record
         WHERE organization_id = $1 AND connection_id = $2 AND method = 'mintInstallationToken' AND outcome = 'ok'
           AND at > now() - make_interval(days => $3)
         ORDER BY at DESC LIMIT $4
       ), permission AS (
         SELECT name, max(at) AS at FROM token, jsonb_object_keys(scope -> 'permissions') AS name GROUP BY name
       )
       SELECT (SELECT count(*) FROM token WHERE at > now() - interval '1 day')::integer AS "lastDay",
         (SELECT max(at) FROM token) AS "lastAt",
         coalesce((SELECT jsonb_object_agg(name, at) FROM permission), '{}') AS permissions`,
      [organizationId, connectionId, TOKEN_DAYS, MAX_TOKENS],
    );
    return counted;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
