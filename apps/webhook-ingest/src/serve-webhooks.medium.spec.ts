import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { INBOX_SHARDS, newId } from '@reunite/contracts';
import { shardOf } from '@reunite/deliveries';
import { migrateQueueBackend, queueBackend } from '@reunite/queueing';
import { eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { headersFor, PREVIOUS, SECRET, sign, TestIngest } from '../test/test-ingest.js';

const FORM = 'application/x-www-form-urlencoded';

describe('webhook-ingest', () => {
  let postgres: RunningPostgres;
  let ingest: TestIngest;
  let jobsOf: ReturnType<ReturnType<typeof queueBackend>['queue']>;
  let connectionId: string;
  let path: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    await migrateQueueBackend(url);
    ingest = await TestIngest.start(postgres);
    jobsOf = queueBackend(url).queue('deliveries', {});
  });
  beforeEach(async () => {
    connectionId = await ingest.makeConnection();
    path = `/webhooks/github/${connectionId}`;
  });
  afterAll(async () => {
    await jobsOf.close();
    await ingest.close();
    await postgres.stop();
  });

  /** Waits until a job for the connection's shard waits in the queue. */
  const isWoken = () => eventually(async () => (await wakeUps()).includes(shardOf(connectionId)));
  const removeJobs = async () => Promise.all((await jobsOf.getJobs(['waiting'])).map((job) => job.remove()));
  const wakeUps = async () => (await jobsOf.getJobs(['waiting'])).map(({ data }) => (data as { shard: number }).shard);

  it('P1: answers 202 when the row is committed, byte for byte, and wakes the worker', async () => {
    const body = '{"ref": "refs/heads/main",\n "emoji": "🦀"}';
    const answer = await ingest.post(path, { body, headers: { 'x-github-delivery': 'g-1' } });
    // Read at once, on another connection of the database: nothing here waits for the service.
    const [row] = await ingest.rows(connectionId);
    expect(answer.status).toBe(202);
    expect(row).toMatchObject({ guid: 'g-1', event: 'push', enterprise_host: 'ghes.example.com' });
    expect(row?.body.toString()).toBe(body);
    expect(await answer.json()).toEqual({ id: row?.id });
    await isWoken();
  });

  it('P2: stores one row for 50 copies, and returns its id to each', async () => {
    const headers = { 'x-github-delivery': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => ingest.post(path, { headers })));
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(202));
    const rows = await ingest.rows(connectionId);
    expect(rows).toHaveLength(1);
    expect(new Set(ids)).toEqual(new Set([rows[0]?.id]));
  });

  it('answers a delivery again without waking the worker, once it was processed', async () => {
    const headers = { 'x-github-delivery': 'processed' };
    await ingest.post(path, { headers });
    await ingest.pool.query('UPDATE webhook_delivery SET processed_at = now() WHERE connection_id = $1', [
      connectionId,
    ]);
    // A service that stops sends its last wake-ups, and one that starts wakes all shards.
    await ingest.stopService();
    await removeJobs();
    await ingest.startService();
    await eventually(async () => (await wakeUps()).length === INBOX_SHARDS);
    await removeJobs();
    expect((await ingest.post(path, { headers })).status).toBe(202);
    await ingest.stopService();
    expect(await wakeUps()).toEqual([]);
    await ingest.startService();
  });

  it('accepts 500 deliveries at the same time, with one job for all', async () => {
    await removeJobs();
    const answers = await Promise.all(Array.from({ length: 500 }, () => ingest.post(path)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await isWoken();
    const shard = shardOf(connectionId);
    expect((await wakeUps()).filter((woken) => woken === shard)).toEqual([shard]);
  });

  it.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=utf-8'])(
    'accepts the form of %s, with the signature over its raw bytes',
    async (type) => {
      const body = `payload=${encodeURIComponent('{"ref":"refs/heads/ü & +"}')}`;
      const answer = await ingest.post(path, { body, headers: { 'content-type': type } });
      expect(answer.status).toBe(202);
      const [row] = await ingest.rows(connectionId);
      expect([row?.form, row?.body.toString()]).toEqual([true, body]);
    },
  );

  it.each(['projects_v2_item', 'push'])('accepts the event %s with a content type in upper case', async (event) => {
    const headers = { 'x-github-event': event, 'content-type': 'APPLICATION/JSON' };
    expect((await ingest.post(path, { headers })).status).toBe(202);
    expect(await ingest.rows(connectionId)).toEqual([expect.objectContaining({ event, form: false })]);
  });

  describe('rejects, counts, and keeps out of the inbox', () => {
    const big = `{"filler":"${'x'.repeat(1024 * 1024)}"}`;
    it.each([
      [401, 'invalid-signature', 'a forged delivery', { secret: 'guessed' }],
      [401, 'invalid-signature', 'an unsigned one', { headers: { 'x-hub-signature-256': undefined } }],
      [
        401,
        'invalid-signature',
        'one signed for another body',
        { headers: { 'x-hub-signature-256': sign('{"a":1}', SECRET) } },
      ],
      [400, 'invalid-headers', 'one without an event', { headers: { 'x-github-event': undefined } }],
      [400, 'invalid-headers', 'one without an id', { headers: { 'x-github-delivery': undefined } }],
      [400, 'malformed-json', 'one that is not JSON', { body: '{"ref": ' }],
      [400, 'malformed-json', 'one that is not an object', { body: '[]' }],
      [400, 'malformed-json', 'an empty one', { body: '' }],
      [413, 'body-too-large', 'one that is too large', { body: big }],
      [400, 'malformed-json', 'a form without a payload', { body: 'json=%7B%7D', headers: { 'content-type': FORM } }],
      [415, 'unsupported-media-type', 'a compressed one', { headers: { 'content-encoding': 'gzip' } }],
    ])('%i %s: %s', async (status, code, _, sent) => {
      const counted = await ingest.counted(code);
      const answer = await ingest.post(path, sent);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ status, code, type: 'about:blank' });
      expect(await ingest.counted(code)).toBe(counted + 1);
      expect(await ingest.rows(connectionId)).toEqual([]);
    });

    it('404 unknown-connection: guessed ids never reach the vault', async () => {
      const asked = ingest.secrets.requests.length;
      for (const id of [newId('connection'), 'con_x', newId('project'), '%00', `${connectionId}x`]) {
        const answer = await ingest.post(`/webhooks/github/${id}`);
        expect(answer.status).toBe(404);
        expect(await answer.json()).toMatchObject({ code: 'unknown-connection' });
      }
      expect(ingest.secrets.requests).toHaveLength(asked);
    });

    it('404 unknown-connection: a deleted connection whose secret is still cached; other deliveries of the batch are stored', async () => {
      expect((await ingest.post(path)).status).toBe(202);
      await ingest.pool.query('DELETE FROM connection WHERE id = $1', [connectionId]);
      expect(await ingest.rows(connectionId)).toEqual([]);
      // Lookups of connections are cached for a second.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      const other = await ingest.makeConnection();
      const answers = await Promise.all([ingest.post(path), ingest.post(`/webhooks/github/${other}`)]);
      expect(answers.map(({ status }) => status)).toEqual([404, 202]);
    });

    it('405 method-not-allowed: any method but POST', async () => {
      const answer = await fetch(`${ingest.origin}${path}`);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    });

    it('413 body-too-large: a chunked body without a declared length', async () => {
      const chunks = new ReadableStream({
        start(controller) {
          for (let index = 0; index < 40; index++) controller.enqueue(Buffer.alloc(64 * 1024, 'x'));
          controller.close();
        },
      });
      const init = { method: 'POST', headers: headersFor({}), body: chunks, duplex: 'half' };
      const answer = await fetch(`${ingest.origin}${path}`, init);
      expect(answer.status).toBe(413);
      expect(await ingest.rows(connectionId)).toEqual([]);
    });

    it('503 overloaded: concurrent bodies above the memory limit; it recovers', async () => {
      const body = `{"filler":"${'x'.repeat(1_000_000)}"}`;
      const answers = await Promise.all(Array.from({ length: 40 }, () => ingest.post(path, { body })));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].every((status) => status === 202 || status === 503)).toBe(true);
      expect((await ingest.post(path, { body })).status).toBe(202);
    });
  });

  it('accepts the secret before the current one', async () => {
    const rotating = await ingest.makeConnection([SECRET, PREVIOUS]);
    const answers = await Promise.all(
      [SECRET, PREVIOUS, 'older'].map((secret) => ingest.post(`/webhooks/github/${rotating}`, { secret })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 401]);
  });

  it('accepts the shared address: the app id limits the candidates, the signature selects the connection', async () => {
    const mine = await ingest.makeConnection(['mine'], 4242);
    const theirs = await ingest.makeConnection(['theirs'], 4242);
    await ingest.makeConnection(['other app'], 4243);
    const headers = { 'x-github-hook-installation-target-id': '4242' };
    for (const address of ['/api/webhooks/git/github_server', '/webhooks/git/github_server']) {
      expect((await ingest.post(address, { secret: 'theirs', headers })).status).toBe(202);
      expect((await ingest.post(address, { secret: 'other app', headers })).status).toBe(401);
      const unknown = { ...headers, 'x-github-hook-installation-target-id': '999' };
      expect((await ingest.post(address, { headers: unknown })).status).toBe(404);
      const missing = { ...headers, 'x-github-hook-installation-target-id': undefined };
      expect((await ingest.post(address, { headers: missing })).status).toBe(400);
    }
    expect(await ingest.rows(theirs)).toHaveLength(2);
    expect(await ingest.rows(mine)).toEqual([]);
  });

  it('answers 503 if the vault is unavailable and the secret not cached; connections with cached secrets are served', async () => {
    expect((await ingest.post(path)).status).toBe(202);
    const unknown = await ingest.makeConnection();
    ingest.secrets.unreachable = true;
    const answers = await Promise.all([ingest.post(path), ingest.post(`/webhooks/github/${unknown}`)]);
    ingest.secrets.unreachable = false;
    expect(answers.map(({ status }) => status)).toEqual([202, 503]);
    expect(Number(answers[1].headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ingest.post(`/webhooks/github/${unknown}`)).status).toBe(202);
  });

  it('P1: answers 503 with Retry-After while the database is unavailable, then 202; every accepted delivery is stored', async () => {
    await ingest.post(path, { headers: { 'x-github-delivery': 'before' } });
    const answers: [string, Response][] = [];
    const state = { restarting: true };
    const restart = postgres.restart().finally(() => (state.restarting = false));
    while (state.restarting) {
      const guid = randomUUID();
      answers.push([guid, await ingest.post(path, { headers: { 'x-github-delivery': guid } })]);
    }
    await restart;
    await eventually(
      async () => (await ingest.post(path, { headers: { 'x-github-delivery': 'after' } })).status === 202,
    );
    const refused = answers.map(([, answer]) => answer).filter(({ status }) => status !== 202);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ status, headers }) => status === 503 && headers.has('retry-after'))).toBe(true);
    const promised = answers.filter(([, { status }]) => status === 202).map(([guid]) => guid);
    const stored = (await ingest.rows(connectionId)).map(({ guid }) => guid);
    expect(stored).toEqual(expect.arrayContaining(['before', ...promised, 'after']));
  });

  it('passes all other requests to Nest', async () => {
    expect((await fetch(`${ingest.origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${ingest.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${ingest.origin}/nothing`)).status).toBe(404);
  });

  it('answers requests in progress and wakes the worker before it stops', async () => {
    await removeJobs();
    const sent = Array.from({ length: 100 }, () => ingest.post(path));
    await eventually(async () => (await ingest.rows(connectionId)).length > 0);
    await ingest.replaceService();
    const settled = await Promise.allSettled(sent);
    const answered = settled.filter((result) => result.status === 'fulfilled' && result.value.status === 202);
    const rows = await ingest.rows(connectionId);
    expect(rows).toHaveLength(answered.length);
    await isWoken();
  });
});
