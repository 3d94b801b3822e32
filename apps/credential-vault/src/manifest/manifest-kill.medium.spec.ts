import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadServiceIdentity } from '@reunite/platform';
import { createVaultClient } from '@reunite/vault-client';
import { useTestVault } from '../../test/use-test-vault.js';
import { newTenant } from '../../test/test-vault.js';
import { exited, firstLine, spawnVault } from '../../test/vault-process.js';

/** The suite's vault is another replica: it shows what the one that is killed has left. */
describe('a vault that is killed while it exchanges a manifest code', () => {
  const suite = useTestVault();
  let conversions: number;

  beforeEach(async () => {
    conversions = await suite.ghes.count('POST /app-manifests/conversions');
  });
  afterEach(() => suite.ghes.clearFaults());

  /** @param route the request to the server during which the vault is killed */
  async function killedDuring(route: string) {
    const child = spawnVault('main', [], suite.vault.config);
    const { port } = JSON.parse(await firstLine(child)) as { port: number };
    const identity = await loadServiceIdentity(suite.identities.api);
    const client = createVaultClient({ address: `127.0.0.1:${port}`, identity });
    const tenant = newTenant();
    const { organizationId, subject } = tenant;
    const { state } = await client.beginManifest({ ...tenant, origin: suite.ghes.origin, owner: 'acme' });
    const whilePaused = await suite.ghes.pause(route);
    const code = await suite.ghes.manifestCode(tenant.connectionId);
    const completion = client.completeManifest({ organizationId, subject, state, code });
    completion.catch(() => undefined);
    await whilePaused(() => child.kill('SIGKILL'));
    await expect(completion).rejects.toMatchObject({ code: 'vault-unavailable' });
    await exited(child);
    client.close();
    return { tenant, state };
  }
  const complete = async ({ organizationId, subject, connectionId }: ReturnType<typeof newTenant>, state: string) => {
    const code = await suite.ghes.manifestCode(connectionId);
    return suite.vault.as.api.completeManifest({ organizationId, subject, state, code });
  };

  it('P5: loses nothing once the app is stored', async () => {
    // The first request after the exchange: by then all of it must be committed.
    const { tenant, state } = await killedDuring('* /app/*');
    const { organizationId, connectionId } = tenant;
    const app = await suite.vault.as.api.getApp({ organizationId, connectionId });
    expect(app).toMatchObject({ owner: 'acme' });
    const answer = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(answer.secrets[0]).toBe(await suite.ghes.hookSecret(app.slug));
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'manifest-state-used' });
    expect(await suite.ghes.count('POST /app-manifests/conversions')).toBe(conversions + 1);
  });

  it('leaves nothing incomplete if the response never arrived, explains the remedy, and lets the setup start again', async () => {
    const { tenant, state } = await killedDuring('POST /app-manifests/conversions');
    const { organizationId, connectionId } = tenant;
    const app = suite.vault.as.api.getApp({ organizationId, connectionId });
    await expect(app).rejects.toMatchObject({ code: 'connection-pending' });
    const stored: unknown[] = await suite.vault.database.query('SELECT FROM credential WHERE connection_id = $1', [
      connectionId,
    ]);
    expect(stored).toHaveLength(0);
    // The server answers a code once, so the app is lost, and the error explains the remedy.
    await expect(complete(tenant, state)).rejects.toMatchObject({
      code: 'manifest-state-used',
      message: expect.stringContaining('delete the app of this setup on the server and start again'),
    });
    expect(await suite.ghes.count('POST /app-manifests/conversions')).toBe(conversions + 1);
    const again = await suite.vault.as.api.beginManifest({ ...tenant, origin: suite.ghes.origin, owner: 'acme' });
    await expect(complete(tenant, again.state)).resolves.toMatchObject({ connectionId });
  });
});
