import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxyOptions {
  /** 0 selects a free port. */
  readonly port: number;
  readonly host: string;
  /** `user:password`; undefined to require none. */
  readonly credentials: string | undefined;
  /** Host and port of the only server that it connects to. */
  readonly target: () => { readonly host: string; readonly port: number };
}

/** An HTTP proxy in front of the server that supports CONNECT only. */
export class ConnectProxy {
  /** Tunnels that were opened, and requests that were rejected, since the start. */
  readonly counts = { tunnels: 0, rejected: 0 };
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  constructor(private readonly options: ConnectProxyOptions) {
    this.server = createServer((_request, response) => {
      response.writeHead(405, { 'content-type': 'text/html' }).end('<html>This proxy supports CONNECT only.</html>');
    });
    this.server.on('connect', ({ url = '', headers }, socket: Duplex) => {
      this.open(url, headers['proxy-authorization'], socket);
    });
  }

  /** @returns the URL without credentials */
  async listen(): Promise<string> {
    const { port, host } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private open(authority: string, authorization: string | undefined, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    const { credentials } = this.options;
    const target = this.options.target();
    const expected = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (expected !== undefined && authorization !== expected) {
      this.reject(socket, '407 Proxy Authentication Required', 'proxy-authenticate: Basic realm="proxy"\r\n');
    } else if (authority !== `${target.host}:${target.port}`) {
      this.reject(socket, '403 Forbidden');
    } else {
      this.tunnel(socket, target);
    }
  }

  private reject(socket: Duplex, status: string, headers = ''): void {
    this.counts.rejected += 1;
    socket.end(`HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`);
  }

  private tunnel(socket: Duplex, { host, port }: { host: string; port: number }): void {
    const upstream = connect({ host, port, autoSelectFamily: true }, () => {
      this.counts.tunnels += 1;
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.sockets.add(one);
      one.once('error', () => other.destroy());
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
