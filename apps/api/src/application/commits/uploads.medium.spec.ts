import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashObject } from '@reunite/git-objects';
import { deleteExpiredUploads, readCommitRequest, readUpload } from '@reunite/repositories';
import type { StoredCommitRequest } from '@reunite/repositories';
import { eventually, freePort } from '@reunite/testing';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { GrpcUploads } from '../../../test/grpc-uploads.js';
import { useApi } from '../../../test/use-api.js';

/** The answer to an upload. */
type SentUpload = { readonly status: number } & Record<string, unknown>;

const MAX_BYTES = 40 * 1024 * 1024;
const ORGANIZATION_BYTES = 50 * 1024 * 1024;

describe('uploads', () => {
  let grpcPort: number;
  const api = useApi(async () => {
    grpcPort = await freePort();
    return {
      GRPC_PORT: String(grpcPort),
      UPLOAD_MAX_BYTES: String(MAX_BYTES),
      UPLOAD_BYTES_PER_ORGANIZATION: String(ORGANIZATION_BYTES),
    };
  });
  let acme: Seeded;
  let globex: Seeded;
  let grpc: GrpcUploads;
  let request: StoredCommitRequest | null;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    globex = await seed(api.resources.dataSource, 'org_globex');
    grpc = await GrpcUploads.open(`localhost:${grpcPort}`, api.identities['reunite-ui']);
    await api.work(
      async (payload) => {
        request = await readCommitRequest(api.resources.dataSource.manager, String(payload['requestId']));
        return { outcome: 'made', branch: 'fix', commit: 'd'.repeat(40), author: null };
      },
      ['makeCommit'],
    );
  });
  afterAll(() => grpc.close());

  const query = <Row>(sql: string, values: unknown[] = []) => api.resources.dataSource.query<Row[]>(sql, values);
  const uploads = (projectId: string) => `/v1/projects/${projectId}/uploads`;
  const send = async (
    content: BodyInit,
    { as = 'ada', projectId = acme.projectId, headers = {} } = {},
  ): Promise<SentUpload> => {
    const response = await fetch(`${api.url}${uploads(projectId)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.tokenOf(as)}`,
        'content-type': 'application/octet-stream',
        ...headers,
      },
      body: content,
      ...(content instanceof ReadableStream && { duplex: 'half' }),
    });
    return { ...((await response.json()) as Record<string, unknown>), status: response.status };
  };
  const commit = (upload: string, { as = 'ada', projectId = acme.projectId } = {}) => {
    const changes = [{ action: 'write', path: 'video.mp4', upload }];
    const body = { branch: 'fix', expectedHead: 'c'.repeat(40), message: 'Edit', changes };
    return api.json('POST', `/v1/projects/${projectId}/commits`, { as, body });
  };
  const storedOf = async (id: unknown) => {
    const [row] = await query<{ size: string; blobId: string }>(
      'SELECT size, blob_id AS "blobId" FROM upload WHERE id = $1',
      [id],
    );
    const upload = { id: String(id), size: Number(row?.size), blobId: String(row?.blobId) };
    const pieces: Buffer[] = [];
    for await (const piece of readUpload(api.resources.dataSource.manager, upload)) pieces.push(piece);
    return { upload, content: Buffer.concat(pieces) };
  };

  it('stores 32 MiB in pieces, and a commit refers to them', async () => {
    const content = Buffer.alloc(32 * 1024 * 1024, 'a large file ');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const created = await send(content);
    const expiresAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(created).toEqual({
      status: 201,
      id: expect.stringMatching(/^upl_/),
      size: content.length,
      sha256,
      expiresAt,
    });
    const { upload, content: stored } = await storedOf(created['id']);
    expect(stored.equals(content)).toBe(true);
    expect(upload.blobId).toBe(hashObject('blob', content));

    expect(await commit(String(created['id']))).toMatchObject({ commit: 'd'.repeat(40) });
    expect(request?.changes).toEqual([
      { action: 'write', path: 'docs/video.mp4', from: null, content: null, executable: null, upload },
    ]);
    await query('DELETE FROM upload');
  });

  it('stores over gRPC what it stores over HTTP', async () => {
    const content = Buffer.alloc(1_000_000, 'gRPC ');
    const byHttp = await send(content);
    const byGrpc = await grpc.send(api.tokenOf('ada'), { id: acme.projectId, content, messageBytes: 200_000 });
    expect(byGrpc).toEqual({
      ...{ id: expect.stringMatching(/^upl_/), size: content.length, sha256: byHttp['sha256'] },
      expiresAt: expect.any(String),
    });
    expect((await storedOf(byGrpc.id)).content.equals(content)).toBe(true);
    await query('DELETE FROM upload');
  });

  it('attack: an upload of another organization, project or caller cannot be committed', async () => {
    const { id } = await send('secret');
    const detail = expect.stringContaining('you have no such upload in this project');
    const rejected = { status: 400, detail, violations: [{ path: 'changes.0.upload' }] };
    expect(await commit(String(id), { as: 'mallory', projectId: globex.projectId })).toMatchObject(rejected);
    expect(await commit(String(id), { as: 'grace' })).toMatchObject(rejected);
    const another = await seed(api.resources.dataSource, 'org_acme');
    expect(await commit(String(id), { projectId: another.projectId })).toMatchObject(rejected);
    expect(await commit('upl_00000000000000000000000000')).toMatchObject(rejected);
    for (const malformed of ["' OR true --", 'upl_\u0000']) {
      expect(await commit(malformed)).toMatchObject({ status: 400, violations: [{ path: 'changes.0.upload' }] });
    }
  });

  it('attack: one upload is not sent to the server once per file of a commit', async () => {
    const { id: upload } = await send('x');
    const changes = ['a', 'b'].map((path) => ({ action: 'write', path, upload }));
    const body = { branch: 'fix', expectedHead: 'c'.repeat(40), message: 'Edit', changes };
    expect(await api.json('POST', `/v1/projects/${acme.projectId}/commits`, { body })).toMatchObject({
      status: 400,
      detail: 'b: another file of this commit has this upload.',
    });
  });

  it('attack: the bytes of a caller without the role or the project are not stored', async () => {
    const before = await query('SELECT id FROM upload');
    expect(await send('x', { as: 'mallory' })).toMatchObject({ status: 404, code: 'not-found' });
    const foreign = grpc.send(api.tokenOf('mallory'), { id: acme.projectId, content: Buffer.from('x') });
    await expect(foreign).rejects.toMatchObject({ details: expect.stringContaining('There is no project') });
    await expect(grpc.send('no token', { id: acme.projectId, content: Buffer.from('x') })).rejects.toMatchObject({
      code: 16,
    });
    expect(await query('SELECT id FROM upload')).toEqual(before);
  });

  it('attack: a file above the limit is rejected before its body is sent', async () => {
    const answer = await announce(acme.projectId, MAX_BYTES + 1);
    expect(answer).toMatch(/^HTTP\/1.1 413/);
    expect(answer).toContain(`the limit is ${MAX_BYTES}`);
    const over = grpc.send(api.tokenOf('ada'), { id: acme.projectId, size: MAX_BYTES + 1, content: Buffer.from('x') });
    await expect(over).rejects.toMatchObject({ code: 8, details: expect.stringContaining('the limit is') });
  });

  it('attack: an organization cannot store more than its limit, also not in parallel', async () => {
    await query('DELETE FROM upload');
    const content = Buffer.alloc(20 * 1024 * 1024);
    const sent = await Promise.all(['ada', 'ada', 'grace'].map((as) => send(content, { as })));
    expect(sent.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    expect(await send('x'.repeat(100), { as: 'mallory', projectId: globex.projectId })).toMatchObject({ status: 201 });
    const [{ bytes }] = (await query<{ bytes: string }>(
      `SELECT sum(size) AS bytes FROM upload WHERE organization_id = 'org_acme'`,
    )) as [{ bytes: string }];
    expect(Number(bytes)).toBeLessThanOrEqual(ORGANIZATION_BYTES);
    await query('DELETE FROM upload');
  });

  it('attack: a body that ends early leaves nothing behind, and its slot is free again', async () => {
    await query('DELETE FROM upload');
    const outcomes = () =>
      query<{ outcome: string }>(`SELECT outcome FROM activity WHERE action = 'upload.create' AND outcome = 'aborted'`);
    for (let count = 1; count <= 3; count += 1) {
      await announce(acme.projectId, 1_000_000, 'half');
      // Recorded once the request has failed, which is after its rows are deleted.
      await eventually(async () => (await outcomes()).length === count, { state: outcomes });
    }
    await expect(
      grpc.send(api.tokenOf('ada'), { id: acme.projectId, size: 10, content: Buffer.from('half') }),
    ).rejects.toMatchObject({ code: 3, details: 'The announced size is 10 bytes, but 4 bytes were sent.' });
    await expect(
      grpc.send(api.tokenOf('ada'), { id: acme.projectId, size: 2, content: Buffer.from('more') }),
    ).rejects.toMatchObject({ code: 3, details: expect.stringContaining('more than 2 bytes were sent') });
    expect(await query('SELECT id FROM upload')).toEqual([]);
    expect(await send('x')).toMatchObject({ status: 201 });
  });

  it('attack: a stream of large messages ends with the first of them', async () => {
    const content = Buffer.alloc(4 * 1024 * 1024);
    const large = grpc.send(api.tokenOf('ada'), { id: acme.projectId, content, messageBytes: 1_000_000 });
    await expect(large).rejects.toMatchObject({ code: 8, details: 'A message of the stream is too large.' });
  });

  it('rejects bodies of other types and without a length, and octet streams elsewhere', async () => {
    const json = await api.json('POST', uploads(acme.projectId), { body: {} });
    expect(json).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('x'));
        controller.close();
      },
    });
    expect(await send(chunked)).toMatchObject({ status: 400, violations: [{ path: 'size' }] });
    const headers = { 'content-type': 'application/octet-stream' };
    const elsewhere = await api.call('POST', '/v1/projects', { headers });
    expect(elsewhere.status).toBe(415);
  });

  it('reports expired and incomplete uploads, and deletes what has expired', async () => {
    const { id } = await send('x');
    await query('UPDATE upload SET blob_id = NULL WHERE id = $1', [id]);
    expect(await commit(String(id))).toMatchObject({ status: 400, detail: 'video.mp4: the upload is not complete.' });
    await query(`UPDATE upload SET expires_at = now() - interval '1 second', blob_id = $2 WHERE id = $1`, [
      id,
      'a'.repeat(40),
    ]);
    expect(await commit(String(id))).toMatchObject({
      status: 400,
      detail: 'video.mp4: the upload has expired. Upload the file again.',
    });
    const { id: valid } = await send('y');
    await deleteExpiredUploads(api.resources.dataSource.manager);
    const left = (await query<{ id: string }>('SELECT id FROM upload')).map((row) => row.id);
    expect([left.includes(String(valid)), left.includes(String(id))]).toEqual([true, false]);
    expect(await query('SELECT 1 FROM upload_piece WHERE upload_id = $1', [id])).toEqual([]);
  });

  it('does not delete an upload that a commit refers to', async () => {
    const { id } = await send('x');
    await query(`UPDATE upload SET expires_at = now() + interval '5 seconds' WHERE id = $1`, [id]);
    expect(await commit(String(id))).toMatchObject({ branch: 'fix' });
    const [row] = await query<{ later: boolean }>(
      `SELECT expires_at > now() + interval '1 minute' AS later FROM upload WHERE id = $1`,
      [id],
    );
    expect(row?.later).toBe(true);
  });

  /** Announces a body, sends part of it, and returns the answer, or '' if the connection ends without one. */
  function announce(projectId: string, length: number, part = ''): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => {
        socket.write(
          `POST ${uploads(projectId)} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${api.tokenOf('ada')}\r\n` +
            `content-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n${part}`,
        );
        if (part !== '') socket.end();
      });
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.once('close', () => resolve(answer));
      socket.once('error', () => undefined);
    });
  }
});
