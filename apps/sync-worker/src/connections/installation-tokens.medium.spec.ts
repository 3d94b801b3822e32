import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import type { VaultInstallation } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { onBothQueues } from '../../test/use-worker.js';

onBothQueues((worker) => {
  const permissions = { contents: 'write', statuses: 'write' };
  const installed = (): VaultInstallation => {
    const account = { owner: 'acme', ownerType: 'Organization', repositorySelection: 'all' };
    return { id: worker().ghes.installationId, ...account, suspended: false, permissions };
  };

  it('discards tokens after an installation event, and retries while the vault is unavailable', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault } = worker();
    const body = {
      installation: {
        ...{ id: worker().ghes.installationId, app_id: 3, account: { login: 'acme', id: 1, type: 'Organization' } },
        ...{ repository_selection: 'all', permissions },
      },
    };
    for (const action of ['suspend', 'unsuspend', 'deleted', 'new_permissions_accepted']) {
      const delivery = await project.deliver('installation', { action, ...body });
      await eventually(async () => (await project.outcome(delivery)) !== null);
    }
    expect(vault.forgotten).toEqual(Array(4).fill(project.connectionId));

    vault.failure = new VaultError('The vault is unavailable.', 'vault-unavailable');
    const changes = {
      action: 'added',
      repository_selection: 'selected',
      repositories_added: [],
      repositories_removed: [],
    };
    const delivery = await project.deliver('installation_repositories', { ...body, ...changes });
    await eventually(() => vault.forgotten.length > 4);
    expect(await project.outcome(delivery)).toBeNull();
    vault.failure = null;
    await eventually(async () => (await project.outcome(delivery)) !== null);
  });

  it('discards tokens if a refresh finds that an installation changed, and only then', async () => {
    await worker().start();
    const { connectionId } = await worker().connect();
    const { vault, resources } = worker();
    const discardsAfter = async (...installations: VaultInstallation[]) => {
      vault.installations = installations;
      const before = vault.forgotten.length;
      await resources.producer.addAndWait(jobs.refreshConnection, { connectionId }, 10_000);
      return vault.forgotten.length - before;
    };
    const installation = installed();
    expect(await discardsAfter(installation)).toBe(0);
    expect(await discardsAfter(installation)).toBe(0);
    expect(await discardsAfter({ ...installation, suspended: true })).toBe(1);
    expect(await discardsAfter(installation)).toBe(1);
    const granted = { ...installation, permissions: { ...permissions, checks: 'write' } };
    expect(await discardsAfter(granted)).toBe(1);
    expect(await discardsAfter({ ...granted, repositorySelection: 'selected' })).toBe(1);
    expect(await discardsAfter()).toBe(1);
    expect(await discardsAfter()).toBe(0);
  });

  it('replaces old tokens that the server rejects', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault, ghes } = worker();
    vault.tokenAgeMs = 600_000;
    const { issueInstallationToken } = vault;
    vault.issueInstallationToken = async (request) => {
      const token = await issueInstallationToken(request);
      if (vault.forgotten.length === 0) await ghes.revoke(token);
      return token;
    };
    const pushed = ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    expect(vault.forgotten).toEqual([project.connectionId]);
  });

  it('retries new tokens that the server does not accept yet', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault, ghes } = worker();
    const pushed = ghes.git.push('main', { 'index.md': '# Welcome' });
    await ghes.faultEverywhere({ status: 401, body: { message: 'Bad credentials' }, count: 2 });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    expect(vault.forgotten).toEqual([]);
    expect(await project.syncError()).toBeNull();
  });
});
