import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError, InvalidInputError } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';

/** A request that answered nothing for this long died with its process; a key is good for a day. */
const CLAIM = `
  INSERT INTO idempotency_key AS held (organization_id, key, request_hash) VALUES ($1, $2, $3)
  ON CONFLICT (organization_id, key) DO UPDATE SET request_hash = $3, response = NULL, created_at = now()
    WHERE held.created_at < now() - CASE WHEN held.response IS NULL THEN interval '1 minute' ELSE interval '1 day' END
  RETURNING key`;

interface HeldKey {
  readonly request_hash: string;
  readonly response: unknown;
}

/** Of an answer that must not lie in the database as it is. */
export interface Replay<Response, Kept> {
  /** What of the answer is stored. */
  readonly keep: (response: Response) => Kept;
  /** Makes the answer anew from that. */
  readonly again: (kept: Kept) => Promise<Response>;
}

/** `Idempotency-Key` on creates: a request that is sent again after a lost answer gets that answer, and does nothing. */
@Injectable()
export class IdempotencyService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param request what makes a request the same: its operation and input
   * @throws ConflictError where the key belongs to another request, or that one still runs
   */
  async once<Response, Kept = Response>(
    { organizationId, subject }: Caller,
    key: string | undefined,
    request: unknown,
    work: () => Promise<Response>,
    replay?: Replay<Response, Kept>,
  ): Promise<Response> {
    if (key === undefined) return work();
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new InvalidInputError('An Idempotency-Key has 1 to 200 printable ASCII characters.');
    }
    const hash = createHash('sha256')
      .update(JSON.stringify([subject, request]))
      .digest('hex');
    const claimed = await this.dataSource.query<unknown[]>(CLAIM, [organizationId, key, hash]);
    if (claimed.length === 0) {
      const held = await this.answerOf(organizationId, key, hash);
      return replay ? replay.again(held as Kept) : (held as Response);
    }
    try {
      const response = await work();
      const keep = 'UPDATE idempotency_key SET response = $3 WHERE organization_id = $1 AND key = $2';
      const kept = replay ? replay.keep(response) : response;
      await this.dataSource.query(keep, [organizationId, key, JSON.stringify(kept)]);
      return response;
    } catch (error) {
      const forget = 'DELETE FROM idempotency_key WHERE organization_id = $1 AND key = $2 AND response IS NULL';
      await this.dataSource.query(forget, [organizationId, key]);
      throw error;
    }
  }

  private async answerOf(organizationId: string, key: string, hash: string): Promise<unknown> {
    const read = 'SELECT request_hash, response FROM idempotency_key WHERE organization_id = $1 AND key = $2';
    const [held] = await this.dataSource.query<HeldKey[]>(read, [organizationId, key]);
    if (held && held.request_hash !== hash) {
      throw new ConflictError('This Idempotency-Key was used for another request. Use a new one.');
    }
    if (!held || held.response === null) {
      throw new ConflictError('The request with this Idempotency-Key is still running. Try again in a moment.');
    }
    return held.response;
  }
}
