import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from '../api.client.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

/** Private keys, installation tokens and JWTs. */
const CREDENTIAL = /-----BEGIN [A-Z ]*PRIVATE KEY|ghs_[A-Za-z0-9]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;

export const isolationSteps: readonly Step[] = [
  { title: 'another organization cannot see the project (P8)', run: otherOrganization },
  { title: 'an owner of another organization gets 404 for every call on the connection (P8)', run: foreignOwner },
  { title: 'no log contains a credential (P5)', needs: 'processes', run: noCredentialInLogs },
];

async function otherOrganization(stack: TestStack): Promise<void> {
  const mallory = await ApiClient.signIn(stack.local.urls.api, 'mallory');
  for (const list of ['/v1/connections', '/v1/projects']) {
    const { items } = (await (await mallory.get(list)).json()) as { items: unknown[] };
    assert.equal(items.length, 0, list);
  }
  const project = `/v1/projects/${stack.fact('projectId')}`;
  const connection = `/v1/connections/${stack.fact('connectionId')}`;
  const [deployment] = await stack.api.deployments(stack.fact('projectId'));
  const paths = [
    ...['', '/content', '/branches', '/deployments', '/pull-requests'].map((below) => project + below),
    ...['', '/repositories', '/deliveries'].map((below) => connection + below),
    ...['', '/log'].map((below) => `/v1/deployments/${deployment?.id ?? ''}${below}`),
  ];
  for (const path of paths) {
    assert.equal((await stack.api.get(path)).status, 200, `Ada sees ${path}`);
    assert.equal((await mallory.get(path)).status, 404, `Mallory does not see ${path}`);
  }
}

const bodies: Readonly<Record<string, object>> = {
  'private-key': { privateKey: 'x'.repeat(40) },
  'client-secret': { clientSecret: 'x'.repeat(40) },
  'webhook-secret': { webhookSecret: '' },
  confirmation: { login: 'octocat' },
  profile: {},
  'take-over': { from: 'con_1' },
  '{id}': { name: 'Mine' },
};

/** Makes every call below a connection as Mallory, an owner of another organization. */
async function foreignOwner(stack: TestStack): Promise<void> {
  const mallory = await ApiClient.signIn(stack.local.urls.api, 'mallory');
  const { paths } = (await (await mallory.get('/openapi.json')).json()) as { paths: Record<string, object> };
  const below = '/v1/connections/{id}';
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    path.startsWith(below) ? Object.keys(item).map((method) => [method.toUpperCase(), path] as const) : [],
  );
  assert.ok(calls.length >= 12, `the API describes ${calls.length} calls below a connection`);
  const connection = stack.fact('connectionId');
  const { name } = await stack.api.connection(connection);
  const missing = connection.replace(/.{4}$/, '0000');
  for (const [method, path] of calls) {
    const call = async (id: string) => {
      const address = `${path.replace('{id}', id)}?name=${encodeURIComponent(name)}`;
      const body = ['GET', 'DELETE'].includes(method) ? undefined : bodies[path.split('/').at(-1) ?? ''];
      const answer = await mallory.send(method, address, body);
      return { status: answer.status, text: (await answer.text()).replaceAll(id, 'ID') };
    };
    const foreign = await call(connection);
    assert.equal(foreign.status, 404, `${method} ${path} as Mallory`);
    assert.deepEqual(foreign, await call(missing), `${method} ${path} does not reveal that it exists`);
  }
  assert.equal((await stack.api.connection(connection)).status, 'connected', 'the connection is unchanged');
}

async function noCredentialInLogs(stack: TestStack): Promise<void> {
  const { logs } = stack.local.data;
  const files = await readdir(logs);
  assert.ok(files.includes('credential-vault.log') && files.includes('sync-worker.log'), 'the logs exist');
  for (const file of files) {
    const match = CREDENTIAL.exec(await readFile(join(logs, file), 'utf8'));
    assert.equal(match, null, `${file} contains a credential`);
  }
}
