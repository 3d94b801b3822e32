import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { get, send, sessionEvents } from './client.js';
import { paths } from './paths.js';

const fetched = jest.fn<typeof fetch>();
const original = globalThis.fetch;

/** The request of the last call. */
function sent(): Request {
  return fetched.mock.lastCall?.[0] as Request;
}

function answer(status: number, body: string | null): void {
  fetched.mockResolvedValueOnce(new Response(body, { status }));
}

describe('the API client', () => {
  beforeEach(() => {
    globalThis.fetch = fetched;
    Object.assign(globalThis, { location: { origin: 'https://console.example' } });
    fetched.mockReset();
  });
  afterEach(() => {
    globalThis.fetch = original;
    Reflect.deleteProperty(globalThis, 'location');
  });

  it('returns the body of a response', async () => {
    answer(200, '{"id":"prj_1"}');
    await expect(get(paths.project('prj_1'))).resolves.toEqual({ id: 'prj_1' });
    expect(sent().url).toBe('https://console.example/v1/projects/prj_1');
  });

  it('keeps an id inside its segment, and leaves out parameters without a value', async () => {
    answer(200, '{}');
    await get(paths.content('../x?y', { branch: 'feature/a', path: '' }));
    expect(sent().url).toBe('https://console.example/v1/projects/..%2Fx%3Fy/content?branch=feature%2Fa');
  });

  it('sends a body as JSON with its idempotency key', async () => {
    answer(201, '{}');
    await send('post', paths.createBranch('prj_1'), { body: { name: 'new' }, idempotencyKey: 'k1' });
    const { method, headers } = sent();
    expect([method, headers.get('content-type'), headers.get('idempotency-key')]).toEqual([
      'POST',
      'application/json',
      'k1',
    ]);
    await expect(sent().json()).resolves.toEqual({ name: 'new' });
  });

  it('sends no content type without a body, and accepts a response without one', async () => {
    answer(204, null);
    await expect(send('delete', paths.deleteProject('prj_1'))).resolves.toBeUndefined();
    expect(sent().headers.has('content-type')).toBe(false);
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
