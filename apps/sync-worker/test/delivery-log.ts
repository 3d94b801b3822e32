import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { jobs } from '@reunite/contracts';
import { Inbox, shardOf } from '@reunite/deliveries';
import type { FakeVault } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import pg from 'pg';
import type { TestGhes } from './test-ghes.js';
import type { TestWorker } from './test-worker.js';

interface LogItem {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

/** Servers have more deliveries on a page. */
const PAGE_ITEMS = 3;
/** Log entries appear to be as old, so that none is in flight. */
const AGE_MS = 10 * 60_000;

/** Makes the vault read the log of the server's deliveries, as the real vault does. */
export function followDeliveryLog(vault: FakeVault, ghes: TestGhes): void {
  const call = async (method: string, path: string) => {
    const response = await ghes.asApp(method, path);
    if (response.status === 404) throw new VaultError('Not found.', 'ghes-not-found');
    if (response.status === 429) throw new VaultError('Too many requests.', 'ghes-rate-limited');
    if (!response.ok) throw new VaultError(`Answered with ${response.status}.`, 'ghes-server-error');
    return response;
  };
  vault.listWebhookDeliveries = async ({ cursor }) => {
    const { url = '' } = (await (await call('GET', '/app/hook/config')).json()) as { url?: string };
    const query = new URLSearchParams({ per_page: String(PAGE_ITEMS), ...(cursor !== '' && { cursor }) });
    const response = await call('GET', `/app/hook/deliveries?${query.toString()}`);
    const items = (await response.json()) as LogItem[];
    return {
      webhookUrl: url,
      deliveries: items.map(({ id, guid, event, delivered_at, status_code }) => ({
        ...{ id: String(id), guid, event, statusCode: status_code },
        deliveredAt: new Date(Date.parse(delivered_at) - AGE_MS).toISOString(),
      })),
      nextCursor: /[?&]cursor=([^&>]+)/.exec(response.headers.get('link') ?? '')?.[1] ?? '',
    };
  };
  vault.redeliverWebhooks = async ({ deliveryIds }) => {
    for (const id of deliveryIds) await call('POST', `/app/hook/deliveries/${id}/attempts`);
    return { missingIds: [] };
  };
  vault.readWebhookDelivery = async ({ deliveryId }) => {
    const response = await call('GET', `/app/hook/deliveries/${deliveryId}`);
    const { guid, event, request } = (await response.json()) as LogItem & { request: { payload: unknown } };
    return { guid, event, payload: Buffer.from(JSON.stringify(request.payload)) };
  };
}

/** Stores the webhooks of the server in the inbox, as webhook-ingest does, without its checks. */
export class TestReceiver {
  /** Answers with an error and stores nothing. */
  rejects = false;

  private constructor(
    private readonly server: Server,
    private readonly pool: pg.Pool,
  ) {}

  static async start(worker: TestWorker): Promise<TestReceiver> {
    const pool = new pg.Pool({ connectionString: worker.databaseUrl, options: '-c search_path=bridge', max: 2 });
    const inbox = new Inbox(pool);
    const server = createServer((request, response) => {
      void buffer(request).then(async (body) => {
        if (receiver.rejects) return response.writeHead(503).end();
        const connectionId = request.url?.split('/').at(-1) ?? '';
        const header = (name: string) => String(request.headers[name]);
        const headers = { form: false, enterpriseHost: null, enterpriseVersion: null };
        const named = { guid: header('x-github-delivery'), event: header('x-github-event') };
        await inbox.accept({ connectionId, ...named, ...headers, body });
        await worker.resources.producer.add(jobs.processInbox, { shard: shardOf(connectionId) });
        return response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new TestReceiver(server, pool);
    return receiver;
  }

  /** The webhook URL of a connection. */
  urlOf(connectionId: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/github/${connectionId}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.pool.end();
  }
}
