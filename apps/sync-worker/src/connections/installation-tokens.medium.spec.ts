import { expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import type { VaultInstallation } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { onBothQueues } from '../../test/on-both-queues.js';

const installation: VaultInstallation = {
  ...{ id: 7, owner: 'acme', ownerType: 'Organization', repositorySelection: 'all', suspended: false },
  permissions: { contents: 'write', statuses: 'write' },
};
const unauthorized = JSON.stringify({ message: 'Bad credentials' });

onBothQueues((worker) => {
  it('are forgotten when an installation changes, and that is not lost while the vault is away', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault } = worker();
    const body = {
      installation: {
        ...{ id: 7, app_id: 3, account: { login: 'acme', id: 1, type: 'Organization' } },
        ...{ repository_selection: 'all', permissions: installation.permissions },
      },
    };
    for (const action of ['suspend', 'unsuspend', 'deleted', 'new_permissions_accepted']) {
      const delivery = await project.deliver('installation', { action, ...body });
      await eventually(async () => (await project.outcome(delivery)) !== null);
    }
    expect(vault.forgotten).toEqual(Array(4).fill(project.connectionId));

    vault.failure = new VaultError('The vault is away.', 'vault-unavailable');
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

  it('are forgotten when a refresh finds an installation changed, and not when it finds it as it was', async () => {
    await worker().start();
    const { connectionId } = await worker().connect();
    const { vault, resources } = worker();
    const forgottenAfter = async (...installations: VaultInstallation[]) => {
      vault.installations = installations;
      const before = vault.forgotten.length;
      await resources.producer.addAndWait(jobs.refreshConnection, { connectionId }, 10_000);
      return vault.forgotten.length - before;
    };
    expect(await forgottenAfter(installation)).toBe(0);
    expect(await forgottenAfter(installation)).toBe(0);
    expect(await forgottenAfter({ ...installation, suspended: true })).toBe(1);
    expect(await forgottenAfter(installation)).toBe(1);
    const granted = { ...installation, permissions: { ...installation.permissions, checks: 'write' } };
    expect(await forgottenAfter(granted)).toBe(1);
    expect(await forgottenAfter({ ...granted, repositorySelection: 'selected' })).toBe(1);
    expect(await forgottenAfter()).toBe(1);
    expect(await forgottenAfter()).toBe(0);
  });

  it('that are old and refused by the server are forgotten, and the work goes on with a new one', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault, ghes } = worker();
    vault.tokenAgeMs = 600_000;
    ghes.interfere = ({ headers }, response) => {
      const [scheme, text = ''] = (headers.authorization ?? '').split(' ');
      const token = scheme === 'Basic' ? Buffer.from(text, 'base64').toString() : (headers.authorization ?? '');
      if (token.endsWith(' again')) return false;
      response.writeHead(401, { 'content-type': 'application/json' }).end(unauthorized);
      return true;
    };
    const pushed = ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    expect(vault.forgotten).toEqual([project.connectionId]);
  });

  it('that the server does not know yet are tried again, and not forgotten', async () => {
    await worker().start();
    const project = await worker().connect();
    const { vault, ghes } = worker();
    let refusals = 2;
    ghes.interfere = (_request, response) => {
      if (refusals-- <= 0) return false;
      response.writeHead(401, { 'content-type': 'application/json' }).end(unauthorized);
      return true;
    };
    const pushed = ghes.git.push('main', { 'index.md': '# Welcome' });
    await project.deliverPush(pushed);
    await eventually(() => project.hasDeployed(pushed.after));
    expect(vault.forgotten).toEqual([]);
    expect(await project.syncError()).toBeNull();
  });
});
