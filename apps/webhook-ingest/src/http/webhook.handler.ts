import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCoded } from '@reunite/contracts';
import { isSignature } from '@reunite/deliveries';
import type { Accepted, Inbox } from '@reunite/deliveries';
import type { Logger } from '@reunite/platform';
import { deliveriesTotal } from '../metrics.js';
import type { Enqueuer } from '../queue/enqueuer.js';
import type { SignerLookup } from '../secrets/signer-lookup.js';
import type { BodyReader } from './body-reader.js';
import { deliveryHeaders, isForm, isJsonObject } from './delivery-headers.rules.js';
import { RefusedError } from './refused.error.js';
import { refusals } from './refusals.rules.js';
import { webhookRoute } from './webhook-route.rules.js';

const RETRY_AFTER_SECONDS = '10';

/** Answers webhooks. What is cheap to check comes first; a 202 comes after the commit, and nothing else gives one (P1). */
export class WebhookHandler {
  private draining = false;

  constructor(
    private readonly signers: SignerLookup,
    private readonly bodies: BodyReader,
    private readonly inbox: Inbox,
    private readonly enqueuer: Enqueuer,
    private readonly logger: Logger,
  ) {}

  /** From now on every answer closes its connection. */
  drain(): void {
    this.draining = true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { id, duplicate, alreadyProcessed } = await this.accept(request);
      deliveriesTotal.inc({ outcome: duplicate ? 'duplicate' : 'accepted' });
      this.send(response, 202, 'application/json', { id });
      if (!alreadyProcessed) this.enqueuer.add(id);
    } catch (error) {
      this.refuse(error, request, response);
    }
  }

  private async accept(request: IncomingMessage): Promise<Accepted> {
    if (request.method !== 'POST') throw new RefusedError('method-not-allowed');
    const headers = deliveryHeaders(request.headers);
    const route = webhookRoute(request.url ?? '', request.headers);
    if (!headers || !route) throw new RefusedError('invalid-headers');
    if (isForm(request.headers)) throw new RefusedError('unsupported-media-type');
    const signature = request.headers['x-hub-signature-256'];
    if (typeof signature !== 'string' || !isSignature(signature)) throw new RefusedError('invalid-signature');
    const candidates = await this.signers.candidates(route);
    if (candidates.length === 0) throw new RefusedError('unknown-connection');

    return this.bodies.with(request, async (body) => {
      const connectionId = await this.signers.signer(candidates, body, signature);
      if (connectionId === null) throw new RefusedError('invalid-signature');
      if (!isJsonObject(body)) throw new RefusedError('malformed-json');
      return this.inbox.accept({ ...headers, connectionId, body });
    });
  }

  private refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const refused = toRefused(error);
    const { status, title } = refusals[refused.code];
    deliveriesTotal.inc({ outcome: refused.code });
    // Neither body nor signature: both are the sender's, and a body may be anything.
    const line = { delivery: request.headers['x-github-delivery'], outcome: refused.code, err: refused.cause };
    if (status >= 500) this.logger.warn(line, 'delivery not accepted');
    else this.logger.debug(line, 'delivery refused');
    if (response.headersSent || response.destroyed) return;
    if (status === 405) response.setHeader('allow', 'POST');
    if (status === 503) response.setHeader('retry-after', RETRY_AFTER_SECONDS);
    const problem = { type: 'about:blank', title, status, code: refused.code, detail: title };
    this.send(response, status, 'application/problem+json', problem);
  }

  private send(response: ServerResponse, status: number, type: string, body: object): void {
    if (this.draining) response.setHeader('connection', 'close');
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }
}

/** A coded error that is retryable means that the database or the vault is away. */
function toRefused(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  if (!isCoded(error)) return new RefusedError('failed', { cause: error });
  if (error.code === 'not-found') return new RefusedError('unknown-connection', { cause: error });
  return new RefusedError(error.retryable ? 'unavailable' : 'failed', { cause: error });
}
