import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { get, send, sessionEvents } from './client.js';
import { paths } from './paths.js';

const fetched = jest.fn<typeof fetch>();
const original = globalThis.fetch;

function answer(status: number, body: string | null): void {
  fetched.mockResolvedValueOnce(new Response(body, { status }));
}

describe('the API client', () => {
  beforeEach(() => {
    globalThis.fetch = fetched;
    fetched.mockReset();
  });
  afterEach(() => {
    globalThis.fetch = original;
  });

  it('returns the body of a response', async () => {
    answer(200, '{"id":"prj_1"}');
    await expect(get(paths.project('prj_1'))).resolves.toEqual({ id: 'prj_1' });
    expect(fetched.mock.calls[0]?.[0]).toBe('/v1/projects/prj_1');
  });

  it('sends a body as JSON with its idempotency key', async () => {
    answer(201, '{}');
    await send('POST', paths.createConnection, { body: { name: 'Acme' }, idempotencyKey: 'k1' });
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      body: '{"name":"Acme"}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
    });
  });

  it('sends no content type without a body, and accepts a response without one', async () => {
    answer(204, null);
    await expect(send('DELETE', paths.deleteProject('prj_1'))).resolves.toBeUndefined();
    expect(fetched.mock.calls[0]?.[1]?.headers).not.toHaveProperty('content-type');
  });

  it('turns a problem document into an error with its code and violations', async () => {
    const violations = [{ path: 'name', message: 'Give it a name.' }];
    answer(
      422,
      JSON.stringify({
        type: 'x',
        title: 'Invalid',
        status: 422,
        code: 'invalid-input',
        detail: 'No.',
        violations,
      }),
    );
    await expect(get(paths.projects)).rejects.toMatchObject({
      name: 'ProblemError',
      message: 'No.',
      code: 'invalid-input',
      status: 422,
      retryable: false,
      violations,
    });
  });

  it('keeps the head of the branch at a conflict', async () => {
    answer(409, JSON.stringify({ title: 'Conflict', status: 409, code: 'commit-conflict', detail: 'No.', head: 'c1' }));
    await expect(get(paths.projects)).rejects.toMatchObject({ code: 'commit-conflict', head: 'c1' });
  });

  it('explains a response that is not a problem document', async () => {
    answer(502, '<html>Bad gateway</html>');
    const failure = expect(get(paths.projects)).rejects;
    await failure.toMatchObject({ status: 502, retryable: true, message: expect.stringContaining('starting') });
  });

  it('throws NetworkError without a response', async () => {
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(get(paths.projects)).rejects.toMatchObject({ name: 'NetworkError', code: 'network', retryable: true });
  });

  it('reports that the user is signed out', async () => {
    const signedOut = jest.fn();
    sessionEvents.addEventListener('signed-out', signedOut, { once: true });
    answer(401, '');
    await expect(get(paths.session)).rejects.toMatchObject({ status: 401 });
    expect(signedOut).toHaveBeenCalledTimes(1);
  });
});
