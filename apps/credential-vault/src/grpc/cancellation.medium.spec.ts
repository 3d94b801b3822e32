import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { loadServiceIdentity } from '@reunite/platform';
import { eventually } from '@reunite/testing';
import { createVaultClient, vaultServiceDefinition } from '@reunite/vault-client';
import { TestGhes } from '../../test/test-ghes.js';
import { connect } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

const SILENCE_MS = 20_000;

describe('a server that accepts requests and does not answer', () => {
  const suite = useTestVault();
  let silent: TestGhes;
  let tenant: Tenant;
  beforeAll(async () => {
    silent = await TestGhes.start();
  });
  afterAll(() => silent.stop());
  beforeEach(async () => {
    tenant = await connect(suite.vault, silent);
  });
  afterEach(async () => {
    await silent.clearFaults();
  });

  it.each(['GetApp', 'ListInstallations'])(
    'attack: keeps no request of %s beyond the deadline of the caller',
    async (name) => {
      const route = name === 'GetApp' ? 'GET /app' : 'GET /app/installations';
      await silent.delay(route, SILENCE_MS);
      const { ca, key, cert } = await loadServiceIdentity(suite.identities['api']);
      const client = new Client(
        `127.0.0.1:${suite.vault.port}`,
        credentials.createSsl(ca, key, cert, { checkServerIdentity: () => undefined }),
        { 'grpc.ssl_target_name_override': 'credential-vault' },
      );
      const definition = vaultServiceDefinition()[name] as MethodDefinition<object, unknown>;
      const { path, requestSerialize, responseDeserialize } = definition;
      const error = await new Promise<ServiceError | null>((resolve) => {
        const deadline = { deadline: Date.now() + 1_500 };
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, tenant, new Metadata(), deadline, resolve);
      });
      expect(error?.code).toBe(status.DEADLINE_EXCEEDED);
      await eventually(async () => (await silent.requests()).some((one) => one.route === route && one.aborted));
      client.close();
    },
  );

  it('attack: leaves the vault to the other organizations', async () => {
    const other = await connect(suite.vault, suite.ghes);
    await silent.delay('GET /app', SILENCE_MS);
    const identity = await loadServiceIdentity(suite.identities['api']);
    const flood = createVaultClient({ address: `127.0.0.1:${suite.vault.port}`, identity });
    let answered = 0;
    for (let i = 0; i < 64; i += 1) {
      void flood
        .getApp(tenant)
        .catch(() => undefined)
        .finally(() => (answered += 1));
    }
    await eventually(async () => (await silent.count('GET /app')) > 1);
    await suite.vault.as.api.getApp(other);
    expect(answered).toBe(0);
    flood.close();
  });
});
