import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

const payloadSchema = z.looseObject({ action: z.string().optional() });

/** Receives webhooks as our ingest does, and checks their signatures. */
export class WebhookReceiver {
  /** Names of the received events, like `pull_request.opened`, in order. */
  readonly names: string[] = [];
  /** Current and earlier secrets of the app. The first delivery arrives before its secret, so checks run at the end. */
  readonly secrets: string[] = [];
  private readonly received: { name: string; signature: Buffer; body: Buffer }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${port}/webhooks`);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        receiver.take(request.headers, body);
        response.writeHead(202).end();
      });
    });
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Names of the deliveries without a valid signature. */
  unsigned(): string[] {
    return this.received.filter((delivery) => !this.isSigned(delivery)).map(({ name }) => name);
  }

  private take(headers: IncomingHttpHeaders, body: Buffer): void {
    const { action } = payloadSchema.parse(JSON.parse(body.toString('utf8')));
    const name = [headers['x-github-event'], action].filter((part) => part !== undefined).join('.');
    this.names.push(name);
    this.received.push({ name, signature: Buffer.from(String(headers['x-hub-signature-256'])), body });
  }

  private isSigned({ signature, body }: { signature: Buffer; body: Buffer }): boolean {
    return this.secrets.some((secret) => {
      const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    });
  }
}
