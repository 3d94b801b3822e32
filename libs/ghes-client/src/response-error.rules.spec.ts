import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import type { GhesError } from './errors/index.js';
import { GhesForbiddenError, GhesRedirectedError } from './errors/index.js';
import { responseError } from './response-error.rules.js';

const url = 'https://ghes.example.com/api/v3/repos/acme/docs';
const errorOf = (status: number, body: unknown = '', headers: Record<string, string> = {}): GhesError =>
  responseError({ method: 'GET', url, status, headers, body }, new Date(), 0);

describe('responseError', () => {
  it.each([
    [400, 'ghes-validation', false],
    [401, 'ghes-unauthorized', false],
    [403, 'ghes-forbidden', false],
    [404, 'ghes-not-found', false],
    [409, 'ghes-conflict', false],
    [410, 'ghes-not-found', false],
    [422, 'ghes-validation', false],
    [429, 'ghes-rate-limited', true],
    [500, 'ghes-server-error', true],
    [503, 'ghes-server-error', true],
  ])('maps %i to %s', (status, code, retryable) => {
    expect(errorOf(status)).toMatchObject({ code, retryable, status });
  });

  it("contains the request, the status and the server's message", () => {
    const error = errorOf(
      422,
      {
        message: 'Validation Failed',
        errors: [{ resource: 'Status', field: 'context', code: 'too_long', value: 'x' }],
      },
      { 'x-github-request-id': 'AB:12' },
    );
    expect(error.message).toBe(`GET ${url} was answered with 422: Validation Failed (Status context too_long)`);
    expect(error).toMatchObject({ requestId: 'AB:12', name: 'GhesValidationError' });
  });

  it('names the missing permission', () => {
    const error = errorOf(
      403,
      { message: 'Resource not accessible by integration' },
      {
        'x-accepted-github-permissions': 'statuses=write; contents=write,pull_requests=write',
      },
    );
    expect(error).toMatchObject({ missingPermission: 'statuses=write or contents=write and pull_requests=write' });
    expect(error.remedy).toContain('statuses=write');
  });

  it.each([
    'Update is not a fast forward',
    'Reference already exists',
    'Validation Failed (A pull request already exists for acme:topic.)',
    "expected head sha didn't match current head ref.",
  ])('maps 422 "%s" to a conflict', (message) => {
    expect(errorOf(422, { message })).toMatchObject({ code: 'ghes-conflict', status: 422 });
  });

  it('distinguishes a suspended installation from a missing permission', () => {
    expect(errorOf(403, { message: 'This installation has been suspended' }).code).toBe('ghes-suspended');
    expect(errorOf(403)).toBeInstanceOf(GhesForbiddenError);
  });

  it('distinguishes a renamed repository from a gateway', () => {
    const to = (location: string): GhesError => errorOf(301, '', { location });
    expect(to('/api/v3/repositories/7')).toMatchObject({ sameOrigin: true });
    expect(to('https://login.example.com/')).toMatchObject({ sameOrigin: false });
    expect(to('//evil.example.com/')).toMatchObject({ sameOrigin: false });
    expect(errorOf(302)).toBeInstanceOf(GhesRedirectedError);
  });

  it('quotes only the title of a page, short and without credentials', () => {
    expect(errorOf(502, '<html><title>Bad gateway</title><p>…').message).toContain('502: Bad gateway');
    expect(errorOf(500, { message: 'x'.repeat(1000) }).message.length).toBeLessThan(500);
    expect(errorOf(401, { message: 'Bad token ghs_16C7e42F292c6912E7710c838347Ae178B4a' }).message).not.toContain(
      '16C7',
    );
  });

  it.each<[string, (size: number) => unknown]>([
    ['a text of -eyJ', (size: number) => '-eyJ'.repeat(size / 4)],
    ['a message of -eyJ', (size: number) => ({ message: '-eyJ'.repeat(size / 4) })],
    ['many errors', (size: number) => ({ message: '', errors: Array.from({ length: size / 8 }, () => '-eyJ-eyJ') })],
    ['an error with long fields', (size: number) => ({ errors: [{ code: '-eyJ'.repeat(size / 4) }] })],
    ['titles', (size: number) => `<${'<title>'.repeat(size / 7)}`],
    ['blanks', (size: number) => ' '.repeat(size)],
  ])('attack: a response with %s takes time linear to its size', (_, body) => {
    const growth = growthExponent(body, (answer) => errorOf(500, answer));
    expect(growth).toBeLessThan(1.6);
  });
});
