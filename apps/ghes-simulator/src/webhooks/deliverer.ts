import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import type { Clock } from '../clock.js';
import type { Conformance } from '../conformance/conformance.js';
import type { App } from '../state/model.js';
import type { DeliveryFaults } from './delivery-faults.js';
import type { DeliveryLog, DeliveryRecord } from './delivery-log.js';

/** GHES waits 30 seconds for an answer (github.com: 10) and delivers no payload over 25 MB. */
const TIMEOUT_MS = 30_000;
const LARGEST_PAYLOAD = 25 * 1024 * 1024;
/** Longest time that a delivery is delayed for reordering. */
const LONGEST_DELAY_MS = 5000;
const KEPT_RESPONSE_BYTES = 64 * 1024;

export interface OutgoingWebhook {
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
}

type Answer = Pick<DeliveryRecord, 'status' | 'statusCode' | 'response'>;

/** Sends webhooks and records the results. As on GHES, failed deliveries are not repeated automatically. */
export class Deliverer {
  private readonly trusting = new Agent({ connections: 64, connect: { rejectUnauthorized: false } });
  private readonly checking = new Agent({ connections: 64 });
  /** Deliveries that wait for a later one to be sent first. */
  private readonly delayed: (() => void)[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly server: { publicUrl: string; version: string },
    private readonly clock: Clock,
    private readonly log: Logger,
    readonly deliveries: DeliveryLog,
    readonly faults: DeliveryFaults,
    private readonly conformance?: Conformance,
  ) {}

  /** Starts the delivery and returns at once. */
  send(webhook: OutgoingWebhook): void {
    if (!webhook.app.hookActive || webhook.app.hook.url === '') return;
    if (Buffer.byteLength(webhook.body) > LARGEST_PAYLOAD) {
      this.log.warn({ event: webhook.event, app: webhook.app.id }, 'payload over 25 MB is not delivered');
      return;
    }
    this.track(this.sendWithFaults(webhook, randomUUID()));
  }

  /** Sends a recorded delivery again: the same bytes and GUID, signed with the current secret. */
  redeliver(app: App, record: DeliveryRecord): void {
    const { event, action, installationId, repositoryId } = record;
    const webhook = { app, event, action, installationId, repositoryId, body: record.request.payload };
    this.track(this.attempt(webhook, record.guid, true));
  }

  /** Resolves when no delivery is in flight. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.idle();
    await Promise.all([this.trusting.destroy(), this.checking.destroy()]);
    await this.deliveries.close();
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.log.error({ err: error }, 'webhook delivery failed'))
      .finally(() => this.inFlight.delete(tracked));
    this.inFlight.add(tracked);
  }

  private async sendWithFaults(webhook: OutgoingWebhook, guid: string): Promise<void> {
    const fault = this.faults.take(webhook.event);
    switch (fault?.kind) {
      case 'lose':
        return;
      case 'drop':
        this.record(webhook, guid, false, 0, signedHeaders(this.server, webhook, guid), NOT_CONNECTED);
        return;
      case 'swallow':
        this.record(webhook, guid, false, 0, signedHeaders(this.server, webhook, guid), SWALLOWED);
        return;
      case 'duplicate':
        await Promise.all([this.attempt(webhook, guid, false), this.attempt(webhook, guid, false)]);
        return;
      case 'delay':
        await this.pause(fault.delayMs);
        return this.attempt(webhook, guid, false);
      case 'reorder':
        await Promise.race([this.nextAttempt(), this.pause(fault.delayMs || LONGEST_DELAY_MS)]);
        return this.attempt(webhook, guid, false);
      case undefined:
        return this.attempt(webhook, guid, false);
    }
  }

  private nextAttempt(): Promise<void> {
    return new Promise((resolve) => this.delayed.push(resolve));
  }

  private async pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async attempt(webhook: OutgoingWebhook, guid: string, redelivery: boolean): Promise<void> {
    const headers = signedHeaders(this.server, webhook, guid);
    const { event, action, body } = webhook;
    this.conformance?.checkWebhook({ event, action, headers, payload: body });
    const started = performance.now();
    const answer = await this.post(webhook, headers);
    this.record(webhook, guid, redelivery, (performance.now() - started) / 1000, headers, answer);
    for (const release of this.delayed.splice(0)) release();
  }

  private async post({ app, body }: OutgoingWebhook, headers: Record<string, string>): Promise<Answer> {
    const form = app.hook.contentType === 'form';
    try {
      const response = await request(app.hook.url, {
        method: 'POST',
        headers,
        body: form ? formBody(body) : body,
        dispatcher: app.hook.insecureSsl === '1' ? this.trusting : this.checking,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: this.stopping.signal,
      });
      const text = (await response.body.text()).slice(0, KEPT_RESPONSE_BYTES);
      const { statusCode } = response;
      const ok = statusCode >= 200 && statusCode < 300;
      const answered = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
      return {
        status: ok ? 'OK' : `Invalid HTTP Response: ${statusCode}`,
        statusCode,
        response: { headers: Object.fromEntries(answered), payload: text },
      };
    } catch (error) {
      return error instanceof Error && error.name.includes('Timeout') ? TIMED_OUT : NOT_CONNECTED;
    }
  }

  private record(
    { app, event, action, installationId, repositoryId, body }: OutgoingWebhook,
    guid: string,
    redelivery: boolean,
    duration: number,
    headers: Record<string, string>,
    answer: Answer,
  ): void {
    const record = this.deliveries.add({
      guid,
      deliveredAt: this.clock.now().toISOString(),
      redelivery,
      duration: Math.round(duration * 100) / 100,
      event,
      action,
      appId: app.id,
      installationId,
      repositoryId,
      url: app.hook.url,
      request: { headers, payload: body },
      ...answer,
    });
    this.log.info({ delivery: guid, id: record.id, event, action, status: answer.status }, 'webhook sent');
  }
}

const NOT_CONNECTED: Answer = { status: 'failed to connect to host', statusCode: 502, response: null };
/** As if the receiver had lost what it accepted. */
const SWALLOWED: Answer = { status: 'OK', statusCode: 202, response: { headers: {}, payload: '' } };
const TIMED_OUT: Answer = { status: 'timed out', statusCode: 504, response: null };

function formBody(json: string): string {
  return new URLSearchParams({ payload: json }).toString();
}

function signedHeaders(
  server: { publicUrl: string; version: string },
  { app, event, body }: OutgoingWebhook,
  guid: string,
): Record<string, string> {
  const { secret, contentType } = app.hook;
  const sent = contentType === 'form' ? formBody(body) : body;
  const sign = (algorithm: string) =>
    createHmac(algorithm, secret ?? '')
      .update(sent)
      .digest('hex');
  return {
    accept: '*/*',
    'content-type': contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    'user-agent': 'GitHub-Hookshot/simulator',
    'x-github-delivery': guid,
    'x-github-enterprise-host': new URL(server.publicUrl).host,
    'x-github-enterprise-version': server.version,
    'x-github-event': event,
    'x-github-hook-id': String(app.hookId),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret ? { 'x-hub-signature': `sha1=${sign('sha1')}`, 'x-hub-signature-256': `sha256=${sign('sha256')}` } : {}),
  };
}
