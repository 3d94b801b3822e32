import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@reunite/database';
import { loadServiceIdentity } from '@reunite/platform';
import type { IdentityFiles } from '@reunite/platform';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { createVaultClient } from '@reunite/vault-client';
import { APP_ID, startFakeGhes } from '../../test/fake-ghes.js';
import type { FakeGhes } from '../../test/fake-ghes.js';
import { newTenant, services, startVaultHarness, temporaryFolder } from '../../test/vault-harness.js';
import { vaultDatabase } from '../vault-database.js';

/** Built before the tests run. */
const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

describe('a vault that is killed', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ghes: FakeGhes;
  let identities: Record<(typeof services)[number], IdentityFiles>;

  beforeAll(async () => {
    [postgres, folder, ghes] = await Promise.all([startPostgres(), temporaryFolder(), startFakeGhes()]);
    identities = await ensureDevelopmentCa(folder.path, services);
    await migrate(vaultDatabase(postgres.url('reunite_vault')));
  });
  afterAll(async () => {
    await Promise.all([ghes.close(), postgres.stop(), folder.remove()]);
  });

  async function startProcess() {
    const { caFile, certFile, keyFile } = identities['credential-vault'];
    const env = {
      ...{ PORT: '0', DATABASE_URL: postgres.url('reunite_vault'), KEK_URL: `file:${folder.path}/kek.json` },
      ...{ GHES_ALLOWED_CIDRS: '127.0.0.0/8', GHES_ALLOW_INSECURE_HTTP: 'true', LOG_LEVEL: 'error' },
      ...{ TLS_CA_FILE: caFile, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile },
    };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { port } = JSON.parse(line) as { port: number };
    const identity = await loadServiceIdentity(identities.api);
    return { child, client: createVaultClient({ address: `127.0.0.1:${port}`, identity }) };
  }

  it('P5: loses nothing of an app whose manifest code it has just exchanged', async () => {
    const { child, client } = await startProcess();
    const { organizationId, subject, connectionId } = newTenant();
    const { state } = await client.beginManifest({
      ...{ organizationId, subject, connectionId },
      ...{ origin: ghes.origin, owner: 'acme' },
    });
    // The first request after the exchange: by then all of it must be committed.
    ghes.onRequest = (route) => {
      if (!route.includes('conversions')) child.kill('SIGKILL');
    };
    const completion = client.completeManifest({ organizationId, subject, state, code: 'code' });
    await expect(completion).rejects.toMatchObject({ code: 'vault-unavailable' });
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    client.close();
    ghes.onRequest = () => undefined;

    const vault = await startVaultHarness(postgres.url('reunite_vault'), folder.path, identities);
    try {
      await expect(vault.as.api.getApp({ organizationId, connectionId })).resolves.toMatchObject({ id: APP_ID });
      const answer = await vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
      expect(answer.secrets[0]).toBe(ghes.hookSecret);
      const again = vault.as.api.completeManifest({ organizationId, subject, state, code: 'code' });
      await expect(again).rejects.toMatchObject({ code: 'manifest-state-used' });
      expect(ghes.count('POST /app-manifests/conversions')).toBe(1);
    } finally {
      await vault.close();
    }
  });
});
