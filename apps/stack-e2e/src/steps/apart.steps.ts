import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../api.client.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

/** Private keys, installation tokens, and JWTs: what must not be written down anywhere in clear. */
const credential = /-----BEGIN [A-Z ]*PRIVATE KEY|ghs_[A-Za-z0-9]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;

export const apartSteps: readonly Step[] = [
  { title: 'another organization sees nothing of it (P8)', run: otherOrganization },
  { title: 'no log holds a credential (P5)', run: noCredentialInLogs },
];

async function otherOrganization(world: World): Promise<void> {
  const mallory = await ApiClient.signIn(world.stack.urls.api, 'mallory');
  for (const list of ['/v1/connections', '/v1/projects']) {
    const { items } = (await (await mallory.get(list)).json()) as { items: unknown[] };
    assert.equal(items.length, 0, list);
  }
  const project = `/v1/projects/${world.known('projectId')}`;
  const connection = `/v1/connections/${world.known('connectionId')}`;
  const [deployment] = await world.api.deployments(world.known('projectId'));
  const paths = [
    ...['', '/content', '/branches', '/deployments', '/pull-requests'].map((below) => project + below),
    ...['', '/repositories', '/deliveries'].map((below) => connection + below),
    ...['', '/log'].map((below) => `/v1/deployments/${deployment?.id ?? ''}${below}`),
  ];
  for (const path of paths) {
    assert.equal((await world.api.get(path)).status, 200, `Ada sees ${path}`);
    assert.equal((await mallory.get(path)).status, 404, `Mallory does not see ${path}`);
  }
}

async function noCredentialInLogs(world: World): Promise<void> {
  const { logs } = world.stack.data;
  const files = await readdir(logs);
  assert.ok(files.includes('credential-vault.log') && files.includes('sync-worker.log'), 'there are logs');
  for (const file of files) {
    const found = credential.exec(await readFile(join(logs, file), 'utf8'));
    assert.equal(found, null, `${file} holds a credential`);
  }
}
