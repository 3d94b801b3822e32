import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@reunite/testing';
import { register } from 'prom-client';
import { seed } from '../../test/seed.js';
import { GrpcUploads } from '../../test/grpc-uploads.js';
import { useApi } from '../../test/use-api.js';

const LARGE = 1_500_000;

describe('limits on requests', () => {
  let metricsPort: number;
  let grpcPort: number;
  const api = useApi(async () => {
    metricsPort = await freePort();
    grpcPort = await freePort();
    return {
      GRPC_PORT: String(grpcPort),
      METRICS_PORT: String(metricsPort),
      REQUEST_TIMEOUT_SECONDS: '2',
      HEADERS_TIMEOUT_SECONDS: '1',
      MAX_BODY_BYTES: '65536',
      LARGE_COMMITS_AT_ONCE: '3',
      CALLER_REQUESTS_PER_MINUTE: '60',
      ORGANIZATION_REQUESTS_PER_MINUTE: '100',
      EVENT_STREAMS_PER_CALLER: '3',
      EVENT_STREAMS_PER_ORGANIZATION: '4',
    };
  });
  const opened: AbortController[] = [];
  afterEach(() => {
    for (const controller of opened.splice(0)) controller.abort();
  });

  /** Sends raw bytes and resolves with what the server sent when it closed the connection. */
  const raw = (text: string, body = { bytes: 0, pieces: 0, everyMs: 0 }) =>
    new Promise<{ answer: string; ms: number }>((resolve, reject) => {
      const started = performance.now();
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => {
        socket.write(text);
        for (let piece = 1; piece <= body.pieces; piece += 1)
          setTimeout(() => socket.write(Buffer.alloc(body.bytes / body.pieces)), piece * body.everyMs);
      });
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.once('close', () => resolve({ answer, ms: performance.now() - started }));
      socket.once('error', reject);
    });

  const stream = async (as: string) => {
    const controller = new AbortController();
    opened.push(controller);
    const headers = { authorization: `Bearer ${api.tokenOf(as)}` };
    return fetch(`${api.url}/v1/events`, { headers, signal: controller.signal });
  };

  it('attack: a large commit is rejected before its body is sent, by role, organization and project', async () => {
    const { projectId } = await seed(api.resources.dataSource, 'org_acme');
    const announce = async (user: string, id: string) => {
      const { answer } = await raw(
        `POST /v1/projects/${id}/commits HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
          `authorization: Bearer ${api.tokenOf(user)}\r\ncontent-type: application/json\r\n` +
          `content-length: ${LARGE}\r\n\r\n{"changes":[`,
      );
      return answer.split(' ')[1];
    };
    expect(await announce('mallory', projectId)).toBe('404');
    expect(await announce('ada', 'prj_00000000000000000000000000')).toBe('404');
  });

  it('attack: one caller cannot have many large bodies received at the same time', async () => {
    const { projectId } = await seed(api.resources.dataSource, 'org_acme');
    const announced = Array.from({ length: 4 }, () =>
      raw(
        `POST /v1/projects/${projectId}/commits HTTP/1.1\r\nhost: localhost\r\n` +
          `authorization: Bearer ${api.tokenOf('ada')}\r\ncontent-type: application/json\r\n` +
          `content-length: ${LARGE}\r\nconnection: close\r\n\r\n{"changes":[`,
      ),
    );
    const statuses = (await Promise.all(announced)).map(({ answer }) => answer.split(' ')[1]).sort();
    expect(statuses).toEqual(['408', '408', '429', '429']);
  });

  it('attack: a body that is never finished ends with the request timeout', async () => {
    const { answer, ms } = await raw(
      'POST /auth/local/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1.1 408/);
    expect(ms).toBeLessThan(6_000);
  });

  it('attack: an upload may take longer while its bytes arrive, and ends when they do not', async () => {
    const { projectId } = await seed(api.resources.dataSource, 'org_acme');
    const length = 600_000;
    const head =
      `POST /v1/projects/${projectId}/uploads HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n` +
      `authorization: Bearer ${api.tokenOf('ada')}\r\ncontent-type: application/octet-stream\r\n` +
      `content-length: ${length}\r\n\r\n`;
    const [steady, idle] = await Promise.all([
      raw(head, { bytes: length, everyMs: 350, pieces: 10 }),
      raw(head, { bytes: 60_000, everyMs: 350, pieces: 1 }),
    ]);
    expect(steady.answer).toMatch(/^HTTP\/1.1 201/);
    expect(steady.ms).toBeGreaterThan(3_000);
    expect(idle.answer).toMatch(/^HTTP\/1.1 408/);
    expect(await api.resources.dataSource.query('SELECT size::int FROM upload')).toEqual([{ size: length }]);
    await api.resources.dataSource.query('DELETE FROM upload');
  });

  it('attack: an upload over gRPC that is never finished ends with the request timeout', async () => {
    const { projectId: id } = await seed(api.resources.dataSource, 'org_acme');
    const grpc = await GrpcUploads.open(`localhost:${grpcPort}`, api.identities['reunite-ui']);
    const sent = grpc.send(api.tokenOf('ada'), { id, size: 10, content: Buffer.from('half'), unfinished: true });
    await expect(sent).rejects.toMatchObject({ code: 4, details: 'The upload took too long.' });
    expect(await api.resources.dataSource.query('SELECT id FROM upload')).toEqual([]);
    grpc.close();
  });

  it('attack: headers that are never finished end with the headers timeout', async () => {
    const { answer, ms } = await raw('GET /healthz HTTP/1.1\r\nhost: localhost\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 408/);
    expect(ms).toBeLessThan(4_000);
  });

  it('attack: a caller cannot open event streams without limit, and neither can its organization', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await stream('ada')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await stream('grace')).status).toBe(200);
    const rejected = await stream('grace');
    expect([rejected.status, rejected.headers.get('retry-after')]).toEqual([429, '30']);
    expect((await stream('mallory')).status).toBe(200);
  });

  it('attack: a caller that sends too many requests gets 429 with the time to retry, others are served', async () => {
    let rejected: Response | undefined;
    for (let i = 0; i < 70 && rejected === undefined; i += 1) {
      const response = await api.call('GET', '/v1/session', { as: 'mallory' });
      if (response.status === 429) rejected = response;
    }
    expect(Number(rejected?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(rejected?.headers.get('content-type')).toContain('application/problem+json');
    expect(await rejected?.json()).toMatchObject({ code: 'rate-limited', status: 429 });
    expect((await api.call('GET', '/v1/session', { as: 'grace' })).status).toBe(200);
    expect(await register.metrics()).toMatch(
      /api_rejected_calls_total\{protocol="http",status="429",code="rate-limited"\} \d/,
    );
  });

  it('attack: the published port has no metrics; the port for Prometheus has', async () => {
    expect((await api.call('GET', '/metrics', { as: null })).status).toBe(404);
    const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    expect(await metrics.text()).toContain('api_rejected_calls_total');
  });

  it('attack: the passwordless sign-in answers to names of this machine only', async () => {
    const body = '{"user":"ada"}';
    const { answer } = await raw(
      'POST /auth/local/sign-in HTTP/1.1\r\nhost: tunnel.example\r\nconnection: close\r\n' +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
    expect(answer).not.toMatch(/set-cookie/i);
  });

  it('attack: responses that depend on the caller are not cached and not embedded elsewhere', async () => {
    const { headers } = await api.call('GET', '/v1/session', { as: 'grace' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});

describe('the API at an https address', () => {
  const api = useApi(() => Promise.resolve({ PUBLIC_URL: 'https://bridge.example.com' }));

  it('attack: the session cookie cannot be set by another host, and browsers stay with https', async () => {
    const headers = { origin: 'https://bridge.example.com' };
    const signedIn = await api.call('POST', '/auth/local/sign-in', { as: null, body: { user: 'ada' }, headers });
    expect(signedIn.headers.getSetCookie()[0]).toMatch(/^__Host-session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure/);
    expect(signedIn.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});
