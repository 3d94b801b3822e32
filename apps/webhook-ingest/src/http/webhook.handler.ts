import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCoded } from '@reunite/contracts';
import { eventLabel, isSignature } from '@reunite/deliveries';
import type { Inbox } from '@reunite/deliveries';
import { httpDuration } from '@reunite/platform';
import type { Logger } from '@reunite/platform';
import { addSpanIds, currentTraceparent, isTracing, withSpan } from '@reunite/telemetry';
import { deliveriesTotal, receivedTotal } from '../metrics.js';
import type { WakeUps } from '../queue/wake-ups.js';
import type { SignerLookup } from '../secrets/signer-lookup.js';
import type { BodyReader } from './body-reader.js';
import { clientAddress } from './client-address.rules.js';
import { deliveryHeaders, isCompressed, isPayload } from './delivery-headers.rules.js';
import { targetOf, webhookRoute } from './webhook-route.rules.js';
import { rejections, WebhookRejectedError } from './webhook-responses.rules.js';

const RETRY_AFTER_SECONDS = '10';

const accepted = deliveriesTotal.labels({ outcome: 'accepted' });
/** Of the metric of durations. The method of a request that is not a POST could be anything. */
const ROUTE = 'webhook';
const acceptedDuration = httpDuration.labels({ method: 'POST', route: ROUTE, status: '202' });
const duplicates = deliveriesTotal.labels({ outcome: 'duplicate' });

export interface WebhookHandlerParts {
  readonly signers: SignerLookup;
  readonly bodies: BodyReader;
  readonly inbox: Inbox;
  readonly wakeUps: Pick<WakeUps, 'mark'>;
  readonly logger: Logger;
  /** Number of our own proxies in front of this service, see {@link clientAddress}. */
  readonly trustedProxyHops: number;
}

/** Answers webhook requests: cheap checks first, and 202 only after the delivery is committed (P1). */
export class WebhookHandler {
  private draining = false;

  constructor(private readonly parts: WebhookHandlerParts) {}

  /** From now on every response closes its connection. */
  drain(): void {
    this.draining = true;
  }

  /** A trace begins here: the header `traceparent` of a request is not trusted. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isTracing()) return this.answer(request, response);
    const delivery = String(request.headers['x-github-delivery'] ?? '').slice(0, 100);
    const attributes = { 'http.request.method': request.method ?? '', 'reunite.delivery.guid': delivery };
    return withSpan('receive webhook', { kind: 'server', parent: null, attributes }, async (span) => {
      await this.answer(request, response);
      span.setAttribute('http.response.status_code', response.statusCode);
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    try {
      const { id, duplicate } = await this.accept(request);
      (duplicate ? duplicates : accepted).inc();
      this.sendAccepted(response, id);
      acceptedDuration.observe((performance.now() - startedAt) / 1_000);
    } catch (error) {
      const status = this.reject(error, request, response);
      httpDuration.observe({ method: 'POST', route: ROUTE, status }, (performance.now() - startedAt) / 1_000);
    }
  }

  private async accept(request: IncomingMessage): Promise<{ readonly id: string; readonly duplicate: boolean }> {
    const { signers, bodies, inbox, wakeUps, trustedProxyHops } = this.parts;
    if (request.method !== 'POST') throw new WebhookRejectedError('method-not-allowed');
    const headers = deliveryHeaders(request.headers);
    const route = webhookRoute(request.url ?? '', request.headers);
    if (!headers || !route) throw new WebhookRejectedError('invalid-headers');
    if (isCompressed(request.headers)) throw new WebhookRejectedError('unsupported-media-type');
    const signature = request.headers['x-hub-signature-256'];
    if (typeof signature !== 'string' || !isSignature(signature)) throw new WebhookRejectedError('invalid-signature');
    const candidates = await signers.candidates(route, headers.enterpriseHost);
    if (candidates.length === 0) throw new WebhookRejectedError('unknown-connection');

    const origin = { address: clientAddress(request, trustedProxyHops), ...targetOf(route) };
    return bodies.with(request, origin, async (body) => {
      const connectionId = await signers.signer(candidates, body, signature);
      if (connectionId === null) throw new WebhookRejectedError('invalid-signature');
      if (!isPayload(body, headers.form)) throw new WebhookRejectedError('malformed-json');
      const stored = await inbox.accept({ ...headers, connectionId, body, traceparent: currentTraceparent() });
      addSpanIds({ connection: connectionId, delivery: stored.id });
      if (!stored.alreadyProcessed) wakeUps.mark(connectionId);
      if (!stored.duplicate) receivedTotal.inc({ event: eventLabel(headers.event) });
      return stored;
    });
  }

  /** @returns the status of the response */
  private reject(error: unknown, request: IncomingMessage, response: ServerResponse): number {
    const { code, cause } = toRejection(error);
    const { status, title } = rejections[code];
    deliveriesTotal.inc({ outcome: code });
    // Without body and signature: both come from the client and may contain anything.
    const fields = { delivery: request.headers['x-github-delivery'], outcome: code, err: cause };
    if (status >= 500) this.parts.logger.warn(fields, 'delivery not stored');
    else this.parts.logger.debug(fields, 'delivery rejected');
    if (response.headersSent || response.destroyed) return status;
    if (status === 405) response.setHeader('allow', 'POST');
    if (status === 503) response.setHeader('retry-after', RETRY_AFTER_SECONDS);
    if (status === 408) response.setHeader('connection', 'close');
    this.send(response, status, 'application/problem+json', {
      type: 'about:blank',
      title,
      status,
      code,
      detail: title,
    });
    // The rest of a slow body would occupy the connection until the request times out.
    if (status === 408) response.once('finish', () => request.destroy());
    return status;
  }

  private sendAccepted(response: ServerResponse, id: string): void {
    if (this.draining) response.setHeader('connection', 'close');
    const text = `{"id":"${id}"}`;
    // The id is ASCII.
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
  }

  private send(response: ServerResponse, status: number, type: string, body: object): void {
    if (this.draining) response.setHeader('connection', 'close');
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
    response.end(text);
  }
}

/** A retryable error of the inbox or the vault means that one of them is unreachable. */
function toRejection(error: unknown): WebhookRejectedError {
  if (error instanceof WebhookRejectedError) return error;
  if (!isCoded(error)) return new WebhookRejectedError('failed', { cause: error });
  if (error.code === 'not-found') return new WebhookRejectedError('unknown-connection', { cause: error });
  return new WebhookRejectedError(error.retryable ? 'unavailable' : 'failed', { cause: error });
}
