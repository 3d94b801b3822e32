import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../api.client.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

/** Private keys, installation tokens, and JWTs: what must not be written down anywhere in clear. */
const CREDENTIAL = /-----BEGIN [A-Z ]*PRIVATE KEY|ghs_[A-Za-z0-9]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;

export const apartSteps: readonly Step[] = [
  { title: 'another organization sees nothing of it (P8)', run: otherOrganization },
  { title: 'another organization’s owner can do nothing to it, as if it were not there (P8)', run: foreignOwner },
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

const bodies: Readonly<Record<string, object>> = {
  'private-key': { privateKey: 'x'.repeat(40) },
  'client-secret': { clientSecret: 'x'.repeat(40) },
  'webhook-secret': { webhookSecret: '' },
};

/** Every call that the API describes below a connection, with Mallory, who owns another organization. */
async function foreignOwner(world: World): Promise<void> {
  const mallory = await ApiClient.signIn(world.stack.urls.api, 'mallory');
  const { paths } = (await (await mallory.get('/openapi.json')).json()) as { paths: Record<string, object> };
  const below = '/v1/connections/{id}';
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    path.startsWith(below) ? Object.keys(item).map((method) => [method.toUpperCase(), path] as const) : [],
  );
  assert.ok(calls.length >= 12, `the API describes ${calls.length} calls below a connection`);
  const connection = world.known('connectionId');
  const { name } = await world.api.connection(connection);
  const missing = connection.replace(/.{4}$/, '0000');
  for (const [method, path] of calls) {
    const call = async (id: string) => {
      const address = `${path.replace('{id}', id)}?name=${encodeURIComponent(name)}`;
      const answer = await mallory.send(method, address, bodies[path.split('/').at(-1) ?? '']);
      return { status: answer.status, text: (await answer.text()).replaceAll(id, 'ID') };
    };
    const foreign = await call(connection);
    assert.equal(foreign.status, 404, `${method} ${path} as Mallory`);
    assert.deepEqual(foreign, await call(missing), `${method} ${path} does not tell that it exists`);
  }
  assert.equal((await world.api.connection(connection)).status, 'connected', 'nothing has happened to it');
}

async function noCredentialInLogs(world: World): Promise<void> {
  const { logs } = world.stack.data;
  const files = await readdir(logs);
  assert.ok(files.includes('credential-vault.log') && files.includes('sync-worker.log'), 'there are logs');
  for (const file of files) {
    const found = CREDENTIAL.exec(await readFile(join(logs, file), 'utf8'));
    assert.equal(found, null, `${file} holds a credential`);
  }
}
