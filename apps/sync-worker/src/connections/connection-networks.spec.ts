import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionEntity } from '@reunite/connections';
import { DIRECT_PROFILE } from '@reunite/ghes-client';
import { FakeVault } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { ConnectionNetworks } from './connection-networks.js';

const MAX_PACK_BYTES = 10 * 1024 * 1024;
const settings = {
  allowedCidrs: [],
  requestConcurrency: 2,
  limits: { maxPackBytes: MAX_PACK_BYTES },
  budgets: { processBytes: 1_000, organizationBytes: 1_000 },
};
const connection = (profileVersion: number) =>
  ({ id: 'con_1', organizationId: 'org_1', profileVersion }) as ConnectionEntity;

describe('the network of a connection', () => {
  let vault: FakeVault;
  let networks: ConnectionNetworks;
  const replace = (maxPackMegabytes: number) =>
    vault.replaceConnectionProfile({
      organizationId: 'org_1',
      connectionId: 'con_1',
      subject: 'ada',
      profile: { ...DIRECT_PROFILE, noProxy: [], maxPackMegabytes },
    });
  beforeEach(() => {
    vault = new FakeVault();
    networks = new ConnectionNetworks(vault, settings);
  });
  afterEach(() => networks.close());

  it('needs no vault without a profile, and is kept', async () => {
    vault.failure = new VaultError('away', 'vault-unavailable');
    const network = await networks.of(connection(0));
    expect(await networks.of(connection(0))).toBe(network);
  });

  it('is replaced when the version of the profile changes', async () => {
    await replace(4);
    const first = await networks.of(connection(1));
    expect(first.limits.maxPackBytes).toBe(4 * 1024 * 1024);
    await replace(2);
    expect(await networks.of(connection(1))).toBe(first);
    expect((await networks.of(connection(2))).limits.maxPackBytes).toBe(2 * 1024 * 1024);
  });

  it('does not exceed the limits of the operator', async () => {
    await replace(4_096);
    expect((await networks.of(connection(1))).limits.maxPackBytes).toBe(MAX_PACK_BYTES);
  });

  it('is requested again after the vault failed', async () => {
    await replace(4);
    vault.nextFailure = new VaultError('away', 'vault-unavailable');
    await expect(networks.of(connection(1))).rejects.toMatchObject({ code: 'vault-unavailable' });
    expect((await networks.of(connection(1))).limits.maxPackBytes).toBe(4 * 1024 * 1024);
  });
});
