import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as contracts from '@reunite/contracts';
import { loadServiceIdentity } from '@reunite/platform';
import { ensureDevelopmentCa, freePort, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { z } from 'zod';
import { ApiStand } from '../../test/api-stand.js';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { faultsTrailer } from './call-error.js';
import { bridgeLoader, bridgePackage } from './grpc-door.js';

const definitions = loadSync(contracts.bridgeProtoPath, bridgeLoader);
const methods = Object.entries(definitions).flatMap(([name, definition]) =>
  'format' in definition
    ? []
    : Object.entries(definition).map(([method, one]) => ({ service: name, method, one: one as Method })),
);
type Method = MethodDefinition<object, Record<string, unknown>>;

describe('the gRPC door', () => {
  let postgres: RunningPostgres;
  let folder: string;
  let stand: ApiStand;
  let client: Client;
  let address: string;
  let acme: Seeded;

  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'reunite-api-grpc-'));
    const files = await ensureDevelopmentCa(folder, ['api', 'reunite-ui']);
    const port = await freePort();
    const environment = { GRPC_PORT: String(port) };
    stand = await ApiStand.start({ databaseUrl: postgres.url('reunite_bridge'), tls: files.api, environment });
    acme = await seed(stand.resources.dataSource, 'org_acme');
    const { ca, key, cert } = await loadServiceIdentity(files['reunite-ui']);
    address = `localhost:${port}`;
    client = new Client(address, credentials.createSsl(ca, key, cert));
  });

  afterAll(async () => {
    client.close();
    await stand.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (name: string, request: object, user: string | null = 'ada', extra: Record<string, string> = {}) => {
    const found = methods.find(({ method }) => method === name);
    if (!found) throw new Error(`bridge.proto has no ${name}`);
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(extra)) metadata.set(key, value);
    if (user !== null) metadata.set('authorization', `Bearer ${stand.tokenOf(user)}`);
    const { path, requestSerialize, responseDeserialize } = found.one;
    return new Promise<Record<string, unknown>>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, (error, response) =>
        error ? reject(error) : resolve(response ?? {}),
      );
    });
  };
  const failureOf = (answer: Promise<unknown>) =>
    answer.then(
      () => {
        throw new Error('The call succeeded.');
      },
      (error: unknown) => error as ServiceError,
    );

  const requests = (things: Seeded): Record<string, object> => ({
    GetSession: {},
    ListConnections: {},
    GetConnection: { id: things.connectionId },
    DeleteConnection: { id: things.connectionId, name: 'x' },
    ListRepositories: { id: things.connectionId },
    ListRepositoryBranches: { id: things.repositoryId },
    ListDeliveries: { id: things.connectionId },
    ListProjects: {},
    GetProject: { id: things.projectId },
    CreateProject: { repositoryId: things.repositoryId, name: 'Over gRPC', productionBranch: 'main' },
    DeleteProject: { id: things.projectId },
    GetContent: { id: things.projectId },
    ListProjectBranches: { id: things.projectId },
    ListPullRequests: { id: things.projectId },
    ListDeployments: { id: things.projectId },
    GetDeployment: { id: things.deploymentId },
    GetDeploymentLog: { id: things.deploymentId },
  });

  it.each(methods.map(({ method }) => method))('has a handler for %s that wants to know who calls', async (method) => {
    const { code, metadata } = await failureOf(call(method, {}, null));
    expect([code, metadata.get('reunite-code')]).toEqual([status.UNAUTHENTICATED, ['unauthenticated']]);
  });

  it.each(
    methods
      .map(({ method }) => method)
      .filter((method) => !/^(GetSession|List(Connections|Projects)|CreateConnection)$/.test(method)),
  )('does not show another organization’s thing (P8): %s', async (method) => {
    const request = requests(acme)[method] ?? {};
    expect((await failureOf(call(method, request, 'mallory'))).code).toBe(status.NOT_FOUND);
  });

  it('answers what HTTP answers', async () => {
    const pairs: [string, object, string][] = [
      ['GetSession', {}, '/v1/session'],
      ['GetConnection', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}`],
      ['GetProject', { id: acme.projectId }, `/v1/projects/${acme.projectId}`],
      ['ListProjects', { limit: 5 }, '/v1/projects?limit=5'],
      ['ListRepositories', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/repositories`],
      ['ListDeliveries', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/deliveries`],
      ['ListPullRequests', { id: acme.projectId }, `/v1/projects/${acme.projectId}/pull-requests`],
      ['ListDeployments', { id: acme.projectId }, `/v1/projects/${acme.projectId}/deployments`],
      ['GetDeployment', { id: acme.deploymentId }, `/v1/deployments/${acme.deploymentId}`],
      ['GetDeploymentLog', { id: acme.deploymentId }, `/v1/deployments/${acme.deploymentId}/log`],
      ['ListProjectBranches', { id: acme.projectId }, `/v1/projects/${acme.projectId}/branches`],
    ];
    for (const [method, request, path] of pairs) {
      expect(known(await call(method, request))).toEqual(known(await stand.json('GET', path)));
    }
  });

  it('creates and deletes, with roles and idempotency keys', async () => {
    const request = requests(acme)['CreateProject'] ?? {};
    expect((await failureOf(call('CreateProject', request, 'grace'))).code).toBe(status.PERMISSION_DENIED);
    const key = { 'idempotency-key': 'grpc-1' };
    const created = await call('CreateProject', request, 'ada', key);
    expect(created).toMatchObject({ pullRequestPreviews: true, branchPreviews: { mode: 'none' } });
    expect((await call('CreateProject', request, 'ada', key))['id']).toBe(created['id']);
    expect((await failureOf(call('CreateProject', request))).code).toBe(status.FAILED_PRECONDITION);
    await call('DeleteProject', { id: created['id'] });
    expect((await failureOf(call('GetProject', { id: created['id'] }))).code).toBe(status.NOT_FOUND);
    const form = await call('CreateConnection', { name: 'G', serverUrl: 'https://ghes.example.com', owner: 'acme' });
    await call('DeleteConnection', { id: form['connectionId'], name: 'G' });
  });

  it('names the faults of an input', async () => {
    const input = { name: 'G', serverUrl: 'https://github.com', owner: 'acme' };
    const { code, details, metadata } = await failureOf(call('CreateConnection', input));
    expect([code, details]).toEqual([status.INVALID_ARGUMENT, expect.stringContaining('github.com')]);
    const [faults] = metadata.get(faultsTrailer);
    expect(JSON.parse(String(faults))).toEqual([{ path: 'serverUrl', message: details }]);
  });

  it('lets nobody in without a certificate of ours', async () => {
    const { ca } = stand.resources.identity;
    const stranger = new Client(address, credentials.createSsl(ca));
    const ready = new Promise<void>((resolve, reject) => {
      stranger.waitForReady(Date.now() + 1_500, (error) => (error ? reject(error) : resolve()));
    });
    await expect(ready).rejects.toThrow();
    stranger.close();
  });
});

/** What is there: gRPC leaves null and empty out. */
function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0));
  return Object.fromEntries(entries.map(([key, one]) => [key, known(one)]));
}

describe('bridge.proto', () => {
  const schemas = Object.values(contracts).flatMap((exported) => {
    if (!(exported instanceof z.ZodObject)) return [];
    const id = exported.meta()?.id;
    return id === undefined ? [] : [[id, Object.keys(exported.shape)] as const];
  });
  const messages = Object.entries(definitions).flatMap(([name, definition]) =>
    'format' in definition && 'field' in definition.type
      ? [[name.replace(`${bridgePackage}.`, ''), definition.type.field as { name: string }[]] as const]
      : [],
  );

  it.each(messages.filter(([name]) => schemas.some(([id]) => id === name)))(
    'has the fields of the HTTP schema: %s',
    (name, fields) => {
      const [, keys] = schemas.find(([id]) => id === name)!;
      const camelCase = fields.map((field) => field.name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
      expect(camelCase.sort()).toEqual([...keys].sort());
    },
  );
});
