import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError, InvalidInputError } from '@reunite/contracts';
import {
  claimIdempotencyKey,
  readIdempotentRequest,
  releaseIdempotencyKey,
  storeIdempotentResponse,
} from '@reunite/database';
import type { IdempotencyKey } from '@reunite/database';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';

/** For a response with values that must not be stored in the database, such as secrets. */
export interface Replay<Response, Stored> {
  /** Returns the part of the response that is stored. */
  readonly keep: (response: Response) => Stored;
  /** Rebuilds the response from the stored part. */
  readonly again: (stored: Stored) => Promise<Response>;
}

/** `Idempotency-Key` of creating requests: a repeated request returns the stored response and does nothing else. */
@Injectable()
export class IdempotencyService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` unless the caller has sent the same request with this key before.
   *
   * @param request operation and input, which identify the request
   * @throws InvalidInputError if the key is invalid
   * @throws ConflictError if the key belongs to another request, or the first request still runs
   */
  async once<Response, Stored = Response>(
    { organizationId, subject }: Caller,
    key: string | undefined,
    request: unknown,
    work: () => Promise<Response>,
    replay?: Replay<Response, Stored>,
  ): Promise<Response> {
    if (key === undefined) return work();
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new InvalidInputError('An Idempotency-Key has 1 to 200 printable ASCII characters.');
    }
    const hash = createHash('sha256')
      .update(JSON.stringify([subject, request]))
      .digest('hex');
    const row = { organizationId, key };
    if (!(await claimIdempotencyKey(this.dataSource, row, hash))) {
      const stored = await this.storedResponse(row, hash);
      return replay ? replay.again(stored as Stored) : (stored as Response);
    }
    try {
      const response = await work();
      await storeIdempotentResponse(this.dataSource, row, replay ? replay.keep(response) : response);
      return response;
    } catch (error) {
      await releaseIdempotencyKey(this.dataSource, row);
      throw error;
    }
  }

  private async storedResponse(row: IdempotencyKey, hash: string): Promise<unknown> {
    const request = await readIdempotentRequest(this.dataSource, row);
    if (request && request.requestHash !== hash) {
      throw new ConflictError('This Idempotency-Key was used for another request. Use a new one.');
    }
    if (!request || request.response === null) {
      throw new ConflictError('The request with this Idempotency-Key is still running. Try again in a moment.');
    }
    return request.response;
  }
}
