import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { claimPorts, portNames } from './ports.js';
import type { Ports } from './ports.js';

const anyPorts = Object.fromEntries(portNames.map((name) => [name, 0])) as unknown as Ports;

describe('claimPorts', () => {
  it('selects a different port for each purpose', async () => {
    const ports = await claimPorts(anyPorts);
    expect(new Set(Object.values(ports)).size).toBe(portNames.length);
  });

  it('accepts the ports of an earlier start of this process', async () => {
    const ports = await claimPorts(anyPorts);
    expect(await claimPorts(ports)).toEqual(ports);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('names a port that is in use on %s, its purpose and the remedy', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    await expect(claimPorts({ ...anyPorts, api: port })).rejects.toThrow(
      `Port ${port}, needed for the console and the API, is in use. Free it, or choose another: API_PORT=<port> npm start`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
