import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { MethodDefinition, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bridgeProtoPath, includesRole, newId, PROTO_LOADER_OPTIONS } from '@reunite/contracts';
import type { Role } from '@reunite/contracts';
import { loadServiceIdentity } from '@reunite/platform';
import { freePort } from '@reunite/testing';
import { exampleRequests, messageOf } from '../../test/example-requests.js';
import type { ExampleRequest } from '../../test/example-requests.js';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { useApi } from '../../test/use-api.js';
import { describeApi, operationsOfApi } from '../http/api-document.js';

const ROLES: (Role | 'none')[] = ['none', 'read', 'write', 'maintain', 'admin', 'owner'];
const operations = operationsOfApi().filter(({ access }) => access !== 'public');

const grantedBy = (role: Role | 'none'): Role[] => (role === 'none' ? [] : [role]);

type Method = MethodDefinition<object, object>;
type Outcome = 'denied' | 'missing' | 'other';

/** Walks every operation of the document, so that a new one is covered at once. */
describe('the roles of callers', () => {
  let port: number;
  const api = useApi(async () => {
    port = await freePort();
    return {
      GRPC_PORT: String(port),
      CALLER_REQUESTS_PER_MINUTE: '100000',
      ORGANIZATION_REQUESTS_PER_MINUTE: '100000',
    };
  });
  let client: Client;
  let acme: Seeded;
  let requests: ReadonlyMap<string, ExampleRequest>;
  const methods = new Map<string, Method>();
  for (const definition of Object.values(loadSync(bridgeProtoPath, PROTO_LOADER_OPTIONS))) {
    if (!('format' in definition)) for (const [name, one] of Object.entries(definition)) methods.set(name, one);
  }

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    for (const organization of ['org_acme', 'org_globex']) {
      for (const role of ROLES) api.addCaller(`${role}@${organization}`, organization, grantedBy(role));
    }
    const { ca, key, cert } = await loadServiceIdentity(api.identities['reunite-ui']);
    client = new Client(`localhost:${port}`, credentials.createSsl(ca, key, cert));
    requests = new Map(exampleRequests(await describeApi(api.url)).map((request) => [request.operation, request]));
  });
  afterAll(() => client.close());

  /** The example request for an object of `things`. */
  function requestFor(operation: string, things: Seeded): ExampleRequest {
    const request = requests.get(operation);
    if (request === undefined) throw new Error(`The document has no ${operation}.`);
    const [, subject] = /^\/v1\/([a-z]+)\/\{id\}/.exec(request.path) ?? [];
    const ids: Record<string, string> = {
      connections: things.connectionId,
      projects: things.projectId,
      deployments: things.deploymentId,
      repositories: things.repositoryId,
    };
    const params = { ...request.params };
    if (subject !== undefined) params['id'] = ids[subject];
    if ('deliveryId' in params) params['deliveryId'] = things.deliveryId;
    // A page has `after` or `before`.
    const { before: _, ...query } = request.query;
    return { ...request, params, query };
  }

  async function overHttp({ method, path, params, query, body }: ExampleRequest, as: string): Promise<Outcome> {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
    const search = new URLSearchParams(query as Record<string, string>).toString();
    const answer = await api.call(method, `${address}?${search}`, { as, ...(body && { body }) });
    await answer.body?.cancel();
    return answer.status === 403 ? 'denied' : answer.status === 404 ? 'missing' : 'other';
  }

  function overGrpc(request: ExampleRequest, as: string): Promise<Outcome> {
    const { path, requestSerialize, responseDeserialize, requestStream } = methods.get(request.operation) as Method;
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${api.tokenOf(as)}`);
    return new Promise((resolve) => {
      const done = (error: ServiceError | null) => {
        const { code } = error ?? {};
        resolve(code === status.PERMISSION_DENIED ? 'denied' : code === status.NOT_FOUND ? 'missing' : 'other');
      };
      const message = messageOf(request);
      if (requestStream)
        client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, metadata, done).end(message);
      else client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, done);
    });
  }

  const nothing = Object.fromEntries(
    (['connection', 'repository', 'project', 'deployment', 'delivery'] as const).map((kind) => [
      `${kind}Id`,
      newId(kind),
    ]),
  ) as unknown as Seeded;

  async function assertOutcomes(role: Role | 'none', organization: string, things: Seeded): Promise<void> {
    const outcomes: Record<string, Outcome[]> = {};
    const expected: Record<string, unknown> = {};
    for (const { operation, access, route, service } of operations) {
      const request = requestFor(operation, things);
      const as = `${role}@${organization}`;
      // Some operations are for browsers only.
      const protocols = service === null ? [overHttp] : [overHttp, overGrpc];
      outcomes[operation] = [];
      for (const send of protocols) outcomes[operation].push(await send(request, as));
      const isAllowed = includesRole(grantedBy(role), access as Role);
      const answered = route?.includes('{id}') === true ? 'missing' : expect.stringMatching(/other|missing/);
      expected[operation] = protocols.map(() => (isAllowed ? answered : 'denied'));
    }
    expect(outcomes).toEqual(expected);
  }

  it.each(ROLES)('attack: %s of another organization reaches none of its objects, over HTTP and gRPC', (role) =>
    assertOutcomes(role, 'org_globex', acme),
  );

  it.each(ROLES)('attack: %s is denied what the role does not allow, and nothing else, over HTTP and gRPC', (role) =>
    assertOutcomes(role, 'org_acme', nothing),
  );
});
