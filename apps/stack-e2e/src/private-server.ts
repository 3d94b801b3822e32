import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SimulatorSettings } from '@reunite/local-stack';
import { freePort } from '@reunite/testing';
import { Agent } from 'undici';
import type { Page } from './browser.js';
import type { KnownSecret, SimulatorAccess } from './simulator.client.js';

const HEADER = 'X-Gateway-Key';
const PROXY_USER = 'reunite';

interface TlsFiles {
  readonly folder: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A server behind a private authority, mutual TLS, a proxy with a password and a gateway that requires a header. */
export class PrivateServer {
  private readonly gatewayKey = randomBytes(24).toString('hex');
  private readonly proxyPassword = randomBytes(24).toString('hex');
  private files: TlsFiles | undefined;

  private constructor(private readonly proxyPort: number) {}

  static async create(): Promise<PrivateServer> {
    return new PrivateServer(await freePort());
  }

  get simulator(): SimulatorSettings {
    return {
      scheme: 'https',
      environment: {
        TLS: 'private-ca',
        MUTUAL_TLS: 'true',
        GATEWAY_HEADER: `${HEADER}: ${this.gatewayKey}`,
        PROXY_PORT: String(this.proxyPort),
        PROXY_CREDENTIALS: `${PROXY_USER}:${this.proxyPassword}`,
      },
    };
  }

  get proxyUrl(): string {
    return `http://localhost:${this.proxyPort}`;
  }

  /** Reads the certificates that the running server created. Programs of the test reach it without the proxy. */
  async access(simulatorFolder: string): Promise<SimulatorAccess> {
    const folder = join(simulatorFolder, 'tls');
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const [ca, cert, key] = await Promise.all([read('ca.pem'), read('client.pem'), read('client.key')]);
    this.files = { folder, ca, cert, key };
    return { dispatcher: new Agent({ connect: { ca, cert, key } }), headers: { [HEADER]: this.gatewayKey } };
  }

  /** Variables with which Git reaches the server. */
  gitEnvironment(): Record<string, string> {
    const { folder } = this.opened;
    return {
      GIT_SSL_CAINFO: join(folder, 'ca.pem'),
      GIT_SSL_CERT: join(folder, 'client.pem'),
      GIT_SSL_KEY: join(folder, 'client.key'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: `${HEADER}: ${this.gatewayKey}`,
    };
  }

  /** Fills in how the server is reached, in a form that adds a provider. */
  async fillForm(page: Page): Promise<void> {
    const { ca, cert, key } = this.opened;
    const details = page.getByText('Private certificate authority, proxy, gateway');
    const field = (label: string) => page.getByLabel(label, { exact: true });
    if (!(await field('Certificate authorities').isVisible())) await details.click();
    const values: Readonly<Record<string, string>> = {
      'Certificate authorities': ca,
      'Client certificate': cert,
      'Client key': key,
      'Proxy URL': this.proxyUrl,
      'Proxy user': PROXY_USER,
      'Proxy password': this.proxyPassword,
      'Gateway header': HEADER,
      'Gateway header value': this.gatewayKey,
    };
    for (const [label, value] of Object.entries(values)) await field(label).fill(value);
  }

  secrets(): KnownSecret[] {
    // One line of the key: its copies may have other line breaks.
    const line = this.opened.key.split('\n')[1] ?? '';
    return [
      { kind: 'gateway-header', value: this.gatewayKey },
      { kind: 'proxy-password', value: this.proxyPassword },
      { kind: 'client-key', value: line },
    ];
  }

  private get opened(): TlsFiles {
    if (!this.files) throw new Error('The server has not been started.');
    return this.files;
  }
}
