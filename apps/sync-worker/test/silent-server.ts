import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An attacker's server: it accepts requests and never answers. */
export class SilentServer {
  /** Paths of the received requests, without `/api/v3` and query. */
  readonly paths: string[] = [];
  /** Requests whose socket is open. */
  open = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer(({ url = '', socket }) => {
      this.paths.push(url.replace(/^\/api\/v3|\?.*$/g, ''));
      this.open += 1;
      socket.once('close', () => (this.open -= 1));
    });
  }

  static async start(): Promise<SilentServer> {
    const silent = new SilentServer();
    await new Promise<void>((resolve) => silent.server.listen(0, '127.0.0.1', resolve));
    return silent;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
