import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bridgeProtoPath, newId, PROTO_LOADER_OPTIONS } from '@reunite/contracts';
import { loadServiceIdentity } from '@reunite/platform';
import { freePort } from '@reunite/testing';
import { z } from 'zod';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { useApi } from '../../test/use-api.js';
import { violationsTrailer } from './call-error.js';
import { bridgePackage } from './grpc-server.js';

const definitions = loadSync(bridgeProtoPath, PROTO_LOADER_OPTIONS);
const methods = Object.entries(definitions).flatMap(([name, definition]) =>
  'format' in definition
    ? []
    : Object.entries(definition).map(([method, one]) => ({ service: name, method, one: one as Method })),
);
type Method = MethodDefinition<object, Record<string, unknown>>;

describe('the gRPC server', () => {
  let port: number;
  const api = useApi(async () => {
    port = await freePort();
    return { GRPC_PORT: String(port) };
  });
  let client: Client;
  let address: string;
  let acme: Seeded;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    const { ca, key, cert } = await loadServiceIdentity(api.identities['reunite-ui']);
    address = `localhost:${port}`;
    client = new Client(address, credentials.createSsl(ca, key, cert));
  });

  afterAll(() => client.close());

  it('attack: a certificate of another service of ours does not open the API', async () => {
    const { ca, key, cert } = await loadServiceIdentity(api.identities.api);
    const own = client;
    client = new Client(address, credentials.createSsl(ca, key, cert));
    const failure = await failureOf(call('GetSession', {}));
    client.close();
    client = own;
    expect([failure.code, failure.details]).toEqual([
      status.PERMISSION_DENIED,
      'The certificate of this client names no service that may call the API.',
    ]);
  });

  const call = (name: string, request: object, user: string | null = 'ada', extra: Record<string, string> = {}) => {
    const definition = methods.find(({ method }) => method === name);
    if (!definition) throw new Error(`bridge.proto has no ${name}`);
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(extra)) metadata.set(key, value);
    if (user !== null) metadata.set('authorization', `Bearer ${api.tokenOf(user)}`);
    const { path, requestSerialize, responseDeserialize } = definition.one;
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
    TakeOverConnection: { id: things.connectionId, from: things.connectionId },
    UpdateConnection: { id: things.connectionId, name: 'Mine now' },
    DeleteConnection: { id: things.connectionId, name: 'x' },
    GetManifest: { id: things.connectionId },
    RefreshConnection: { id: things.connectionId },
    ListRepositories: { id: things.connectionId },
    ListRepositoryBranches: { id: things.repositoryId },
    ListDeliveries: { id: things.connectionId },
    GetDeliveryPayload: { id: things.connectionId, deliveryId: things.deliveryId },
    Redeliver: { id: things.connectionId, deliveryId: things.deliveryId },
    GetDeliveryRecovery: { id: things.connectionId },
    RecoverDeliveries: { id: things.connectionId },
    RotatePrivateKey: { id: things.connectionId, privateKey: 'k'.repeat(40) },
    RotateClientSecret: { id: things.connectionId, clientSecret: 's'.repeat(40) },
    RotateWebhookSecret: { id: things.connectionId },
    GetAccount: { id: things.connectionId },
    BeginSignIn: { id: things.connectionId },
    ConfirmAccount: { id: things.connectionId, login: 'octocat' },
    EndSignIn: { id: things.connectionId },
    ListProjects: {},
    GetProject: { id: things.projectId },
    CreateProject: { repositoryId: things.repositoryId, name: 'Over gRPC', productionBranch: 'main' },
    UpdateProject: { id: things.projectId, name: 'Mine now' },
    DeleteProject: { id: things.projectId },
    SyncProject: { id: things.projectId },
    GetContent: { id: things.projectId },
    ListProjectBranches: { id: things.projectId },
    ListPullRequests: { id: things.projectId },
    GetPullRequest: { id: things.projectId, number: 4 },
    ListPullRequestFiles: { id: things.projectId, number: 4 },
    GetPullRequestFileContent: { id: things.projectId, number: 4, path: 'index.md' },
    CreatePullRequest: { id: things.projectId, title: 'Mine', headBranch: 'fix' },
    UpdatePullRequest: { id: things.projectId, number: 4, state: 'closed' },
    MergePullRequest: { id: things.projectId, number: 4, headCommit: 'c'.repeat(40) },
    UpdatePullRequestBranch: { id: things.projectId, number: 4, headCommit: 'c'.repeat(40) },
    CreateCommit: {
      ...{ id: things.projectId, branch: 'main', expectedHead: 'c'.repeat(40), message: 'x' },
      changes: [{ action: 'delete', path: 'a.md' }],
    },
    CreateUpload: { id: things.projectId, size: 1, content: Buffer.from('x') },
    ListFileVersions: { id: things.projectId, path: 'index.md' },
    ListChangedFiles: { id: things.projectId },
    GetFileDiff: { id: things.projectId, path: 'index.md' },
    ListPullRequestComments: { id: things.projectId, number: 4 },
    CreatePullRequestComment: { id: things.projectId, number: 4, body: 'x' },
    SetRequestedReviewers: { id: things.projectId, number: 4, users: [], teams: [] },
    ListServerBranches: { id: things.projectId },
    CreateBranch: { id: things.projectId, name: 'new' },
    DeleteBranch: { id: things.projectId, name: 'old' },
    SyncBranch: { id: things.projectId, name: 'old' },
    ListDeployments: { id: things.projectId },
    GetDeployment: { id: things.deploymentId },
    GetDeploymentLog: { id: things.deploymentId },
    GetDeploymentComparison: { id: things.deploymentId, with: things.previewId },
    ListDeploymentChecks: { id: things.deploymentId },
    Redeploy: { id: things.deploymentId },
    Promote: { id: things.deploymentId },
    Cancel: { id: things.deploymentId },
    ListActivity: {},
    GetSelfTest: { id: things.connectionId },
    GetConnectionHealth: { id: things.connectionId },
    ListConnectionAudit: { id: things.connectionId },
    RunSelfTest: { id: things.connectionId },
    RepairWebhook: { id: things.connectionId },
    GetConnectionProfile: { id: things.connectionId },
    ReplaceConnectionProfile: { id: things.connectionId, profile: {} },
  });

  it.each(methods.map(({ method }) => method))(
    'has a handler for %s that requires an authenticated caller',
    async (method) => {
      const { code, metadata } = await failureOf(call(method, {}, null));
      expect([code, metadata.get('reunite-code')]).toEqual([status.UNAUTHENTICATED, ['unauthenticated']]);
    },
  );

  /** Methods that name nothing of an organization: they list, create or read settings for the organization of the caller. */
  const WITHOUT_TARGET = [
    ...['GetSession', 'GetAppSettings', 'ListActivity', 'ListConnections', 'ListProjects'],
    ...['CreateConnection', 'AddExistingApp', 'InspectServerCertificate'],
  ];
  const targeted = methods.map(({ method }) => method).filter((method) => !WITHOUT_TARGET.includes(method));

  it('attack: every method that names something is called for another organization, new ones included', () => {
    const names = Object.keys(requests(acme));
    expect(targeted.filter((method) => !names.includes(method))).toEqual([]);
    expect(WITHOUT_TARGET.filter((method) => !methods.some((one) => one.method === method))).toEqual([]);
  });

  it.each(targeted)(
    'returns the same for an object of another organization as for a missing one (P8): %s',
    async (method) => {
      const unknown: Seeded = {
        connectionId: newId('connection'),
        repositoryId: newId('repository'),
        projectId: newId('project'),
        deploymentId: newId('deployment'),
        previewId: newId('deployment'),
        deliveryId: newId('delivery'),
      };
      const ids = new RegExp([...Object.values(acme), ...Object.values(unknown)].join('|'), 'g');
      const foreign = await failureOf(call(method, requests(acme)[method] as object, 'mallory'));
      const missing = await failureOf(call(method, requests(unknown)[method] as object, 'mallory'));
      expect([foreign.code, missing.code]).toEqual([status.NOT_FOUND, status.NOT_FOUND]);
      expect(foreign.details.replace(ids, 'ID')).toBe(missing.details.replace(ids, 'ID'));
    },
  );

  it('returns the same as HTTP', async () => {
    const pairs: [string, object, string][] = [
      ['GetSession', {}, '/v1/session'],
      ['GetConnection', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}`],
      ['GetProject', { id: acme.projectId }, `/v1/projects/${acme.projectId}`],
      ['GetAppSettings', {}, '/v1/app-settings'],
      ['GetAccount', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/account`],
      ['ListProjects', { limit: 5 }, '/v1/projects?limit=5'],
      ['ListRepositories', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/repositories`],
      ['ListDeliveries', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/deliveries`],
      [
        'ListDeliveries',
        { id: acme.connectionId, event: 'push', state: 'processed', limit: 3 },
        `/v1/connections/${acme.connectionId}/deliveries?event=push&state=processed&limit=3`,
      ],
      [
        'GetDeliveryPayload',
        { id: acme.connectionId, deliveryId: acme.deliveryId },
        `/v1/connections/${acme.connectionId}/deliveries/${acme.deliveryId}/payload`,
      ],
      ['GetDeliveryRecovery', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/delivery-recovery`],
      ['GetConnectionHealth', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/health`],
      ['ListConnectionAudit', { id: acme.connectionId }, `/v1/connections/${acme.connectionId}/audit`],
      ['ListPullRequests', { id: acme.projectId }, `/v1/projects/${acme.projectId}/pull-requests`],
      ['ListDeployments', { id: acme.projectId }, `/v1/projects/${acme.projectId}/deployments`],
      [
        'ListDeployments',
        { id: acme.projectId, environment: 'preview' },
        `/v1/projects/${acme.projectId}/deployments?environment=preview`,
      ],
      ['ListActivity', { limit: 3 }, '/v1/activity?limit=3'],
      ['GetDeployment', { id: acme.deploymentId }, `/v1/deployments/${acme.deploymentId}`],
      ['GetDeploymentLog', { id: acme.deploymentId }, `/v1/deployments/${acme.deploymentId}/log`],
      ['ListDeploymentChecks', { id: acme.deploymentId }, `/v1/deployments/${acme.deploymentId}/checks`],
      ['ListProjectBranches', { id: acme.projectId }, `/v1/projects/${acme.projectId}/branches`],
    ];
    for (const [method, request, path] of pairs) {
      expect(withoutEmpty(await call(method, request))).toEqual(withoutEmpty(await api.json('GET', path)));
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
    const again = await call('GetManifest', { id: form['connectionId'] });
    expect(again).toMatchObject({ connectionId: form['connectionId'], manifest: form['manifest'] });
    expect(await failureOf(call('GetManifest', { id: form['connectionId'] }, 'grace'))).toMatchObject({
      code: status.PERMISSION_DENIED,
    });
    await call('DeleteConnection', { id: form['connectionId'], name: 'G' });
  });

  it('starts the reconciliation of projects and the refresh of connections', async () => {
    expect(await call('SyncProject', { id: acme.projectId }, 'grace')).toEqual({});
    expect(await call('RefreshConnection', { id: acme.connectionId }, 'grace')).toEqual({});
  });

  it('changes settings, re-deploys, promotes and cancels, with roles', async () => {
    const change = { id: acme.projectId, branchPreviews: { mode: 'patterns', patterns: ['next'] }, forkPreviews: true };
    expect((await failureOf(call('UpdateProject', change, 'grace'))).code).toBe(status.PERMISSION_DENIED);
    const changed = await call('UpdateProject', change);
    expect(changed).toMatchObject({ rootFolder: 'docs', branchPreviews: { mode: 'patterns', patterns: ['next'] } });
    for (const method of ['Redeploy', 'Promote', 'Cancel']) {
      expect((await failureOf(call(method, { id: acme.previewId }, 'grace'))).code).toBe(status.PERMISSION_DENIED);
    }
    const redeployed = await call('Redeploy', { id: acme.previewId });
    expect(redeployed).toMatchObject({ trigger: 'redeploy', triggeredBy: 'Ada', sourceId: acme.previewId });
    expect(await call('Cancel', { id: redeployed['id'] })).toMatchObject({ state: 'skipped' });
    expect(await call('Promote', { id: acme.previewId })).toMatchObject({ environment: 'production', state: 'queued' });
    expect((await failureOf(call('Promote', { id: acme.deploymentId }))).code).toBe(status.FAILED_PRECONDITION);
  });

  it('lists the violations of an invalid request', async () => {
    const input = { name: 'G', serverUrl: 'https://github.com', owner: 'acme' };
    const { code, details, metadata } = await failureOf(call('CreateConnection', input));
    expect([code, details]).toEqual([status.INVALID_ARGUMENT, expect.stringContaining('github.com')]);
    const [violations] = metadata.get(violationsTrailer);
    expect(JSON.parse(String(violations))).toEqual([{ path: 'serverUrl', message: details }]);
  });

  it('adds an existing app, rotates its credentials, and signs users in', async () => {
    const secrets = { clientSecret: 's'.repeat(40), privateKey: 'k'.repeat(40) };
    const input = { name: 'Own', serverUrl: 'https://ghes.example.com', owner: 'acme', appId: 17, clientId: 'Iv1.7' };
    expect((await failureOf(call('AddExistingApp', { ...input, ...secrets }, 'grace'))).code).toBe(
      status.PERMISSION_DENIED,
    );
    const { id } = await call('AddExistingApp', { ...input, ...secrets });
    expect(await call('RotatePrivateKey', { id, privateKey: secrets.privateKey })).toEqual({ version: 2 });
    expect(await call('RotateClientSecret', { id, clientSecret: secrets.clientSecret })).toEqual({ version: 2 });
    expect(await call('RotateWebhookSecret', { id })).toEqual({ version: 2 });
    expect(api.vault.rotated.map(({ kind, credential }) => [kind, credential])).toEqual([
      ['private-key', secrets.privateKey],
      ['client-secret', secrets.clientSecret],
      ['webhook-secret', ''],
    ]);
    const { authorizeUrl } = await call('BeginSignIn', { id }, 'grace');
    expect(authorizeUrl).toContain('https://ghes.example.com/login/oauth/authorize');
    await call('EndSignIn', { id }, 'grace');
  });

  it('rejects callers without a client certificate of ours', async () => {
    const { ca } = await loadServiceIdentity(api.identities.api);
    const stranger = new Client(address, credentials.createSsl(ca));
    const ready = new Promise<void>((resolve, reject) => {
      stranger.waitForReady(Date.now() + 1_500, (error) => (error ? reject(error) : resolve()));
    });
    await expect(ready).rejects.toThrow();
    stranger.close();
  });
});

/** Removes null and empty values, which gRPC does not transfer. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0));
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutEmpty(one)]));
}

describe('bridge.proto', () => {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { unrepresentable: 'any' });
  const schemaFields = Object.entries(schemas).flatMap(([id, { properties }]) =>
    properties === undefined ? [] : [[id, Object.keys(properties)] as const],
  );
  const messages = Object.entries(definitions).flatMap(([name, definition]) =>
    'format' in definition && 'field' in definition.type
      ? [[name.replace(`${bridgePackage}.`, ''), definition.type.field as { name: string }[]] as const]
      : [],
  );

  it.each(messages.filter(([name]) => schemaFields.some(([id]) => id === name)))(
    'has the fields of the HTTP schema: %s',
    (name, fields) => {
      const [, keys] = schemaFields.find(([id]) => id === name)!;
      const camelCase = fields.map((field) => field.name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));
      expect(camelCase.sort()).toEqual([...keys].sort());
    },
  );
});
