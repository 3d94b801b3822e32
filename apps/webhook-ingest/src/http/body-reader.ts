import type { IncomingMessage } from 'node:http';
import type { BodyBudget, BodyOrigin, Reservation } from './body-budget.js';
import { WebhookRejectedError } from './webhook-responses.rules.js';

export interface BodyLimits {
  /** Maximum size of one body, in bytes. */
  readonly maxBytes: number;
  /** Minimum average rate after {@link GRACE_MS}, in bytes per second. */
  readonly minBytesPerSecond: number;
}

/** A slow start is allowed: the first round trips of a connection and of TLS in front of it. */
const GRACE_MS = 3_000;
const RATE_CHECK_MS = 1_000;

/** A body that is still arriving. */
class ArrivingBody {
  readonly startedAt = Date.now();
  received = 0;

  constructor(readonly fail: (error: Error) => void) {}
}

/**
 * Reads raw bodies within limits. The rest of a rejected body is read and dropped, so that its client gets the
 * response.
 */
export class BodyReader {
  private readonly arriving = new Set<ArrivingBody>();
  /** One timer for all bodies: a timer per request costs more than reading a usual body. */
  private rateCheck: NodeJS.Timeout | null = null;

  constructor(
    private readonly budget: BodyBudget,
    private readonly limits: BodyLimits,
  ) {}

  /**
   * Reads the body and passes it to `use`. Its bytes count against the budget until `use` is done.
   *
   * @throws WebhookRejectedError `body-too-large`, `body-too-slow`, `overloaded`, `aborted`
   */
  async with<T>(request: IncomingMessage, origin: BodyOrigin, use: (body: Buffer) => Promise<T>): Promise<T> {
    const length = request.headers['content-length'];
    const declaredBytes = length === undefined ? null : Number(length);
    if (declaredBytes !== null && declaredBytes > this.limits.maxBytes)
      throw new WebhookRejectedError('body-too-large');
    const reservation = this.budget.reserve(origin, declaredBytes);
    try {
      return await use(await this.read(request, reservation));
    } finally {
      reservation.release();
    }
  }

  private read(request: IncomingMessage, reservation: Reservation): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const stop = () => {
        this.arriving.delete(body);
        request.off('data', take).off('end', finish).off('close', abort);
      };
      const fail = (error: Error) => {
        stop();
        request.resume();
        reject(error);
      };
      const body = new ArrivingBody(fail);
      const take = (chunk: Buffer) => {
        body.received += chunk.length;
        try {
          if (body.received > this.limits.maxBytes) throw new WebhookRejectedError('body-too-large');
          reservation.grow(body.received);
          chunks.push(chunk);
        } catch (error) {
          fail(error as Error);
        }
      };
      const finish = () => {
        stop();
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      };
      const abort = () => fail(new WebhookRejectedError('aborted'));
      request.on('data', take).once('end', finish).once('error', abort).once('close', abort);
      this.watch(body);
      // The client may have left during the lookup of its connection: no further event is emitted.
      if (request.destroyed) abort();
    });
  }

  private watch(body: ArrivingBody): void {
    this.arriving.add(body);
    this.rateCheck ??= setInterval(() => this.checkRates(), RATE_CHECK_MS);
  }

  private checkRates(): void {
    if (this.arriving.size === 0 && this.rateCheck) {
      clearInterval(this.rateCheck);
      this.rateCheck = null;
    }
    for (const { startedAt, received, fail } of this.arriving) {
      const elapsedMs = Date.now() - startedAt;
      const expected = ((elapsedMs - GRACE_MS) * this.limits.minBytesPerSecond) / 1_000;
      if (received < expected) fail(new WebhookRejectedError('body-too-slow'));
    }
  }
}
