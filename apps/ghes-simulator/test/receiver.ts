import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Fields } from './fields.js';

export interface Received {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: Fields;
}

/** A server that records webhooks and answers with a given status. */
export class Receiver {
  readonly received: Received[] = [];
  status = 202;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const event = String(request.headers['x-github-event']);
        receiver.received.push({ event, headers: request.headers, body, payload: JSON.parse(body) as Fields });
        response.writeHead(receiver.status).end('thanks');
      });
    });
    return receiver;
  }

  names(): string[] {
    return this.received.map(({ event, payload }) =>
      payload.action === undefined ? event : `${event}.${payload.action}`,
    );
  }

  last(name: string): Received {
    const match = this.received.filter((_item, index) => this.names()[index] === name).at(-1);
    if (!match) throw new Error(`${name} was not received, only ${this.names().join(', ')}`);
    return match;
  }

  clear(): void {
    this.received.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function signatureIsValid({ headers, body }: Received, secret: string): boolean {
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return timingSafeEqual(Buffer.from(String(headers['x-hub-signature-256'])), Buffer.from(expected));
}
