import type { IncomingMessage } from 'node:http';
import { RefusedError } from './refused.error.js';

export interface BodyLimits {
  /** Bytes of one body. */
  readonly body: number;
  /** Bytes of all bodies in memory: a body is read before anybody knows whether it is forged. */
  readonly held: number;
}

/** Reads raw bodies within limits. What is refused is still read off the wire, so that its sender gets the answer. */
export class BodyReader {
  private held = 0;

  constructor(private readonly limits: BodyLimits) {}

  /**
   * Hands the body to `use`, and counts it as held until that is done.
   *
   * @throws RefusedError `body-too-large`, `overloaded`, `aborted`
   */
  async with<T>(request: IncomingMessage, use: (body: Buffer) => Promise<T>): Promise<T> {
    if (Number(request.headers['content-length']) > this.limits.body) throw new RefusedError('body-too-large');
    const hold = { bytes: 0 };
    try {
      return await use(await this.read(request, hold));
    } finally {
      this.held -= hold.bytes;
    }
  }

  private read(request: IncomingMessage, hold: { bytes: number }): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const take = (chunk: Buffer) => {
        const refusal = this.refusal(hold.bytes, chunk.length);
        if (refusal) {
          request.off('data', take).off('end', finish).resume();
          reject(new RefusedError(refusal));
        } else {
          hold.bytes += chunk.length;
          this.held += chunk.length;
          chunks.push(chunk);
        }
      };
      const finish = () => {
        request.off('close', abort);
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      };
      const abort = () => reject(new RefusedError('aborted'));
      // The sender may have gone while its connection was looked up; then no event comes any more.
      if (request.destroyed) abort();
      request.on('data', take).once('end', finish).once('error', abort).once('close', abort);
    });
  }

  private refusal(read: number, more: number): 'body-too-large' | 'overloaded' | null {
    if (read + more > this.limits.body) return 'body-too-large';
    return this.held + more > this.limits.held ? 'overloaded' : null;
  }
}
