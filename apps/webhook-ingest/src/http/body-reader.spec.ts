import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BodyBudget } from './body-budget.js';
import { BodyReader } from './body-reader.js';

function request(headers: Record<string, string> = {}) {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}
const text = (body: Buffer) => Promise.resolve(body.toString());
const origin = { address: '192.0.2.1', target: 'con_1', isGuessable: false };

function reader({ maxBytes = 6, totalBytes = 60, minBytesPerSecond = 1 } = {}) {
  return new BodyReader(new BodyBudget({ totalBytes, smallBodyBytes: 1 }), { maxBytes, minBytesPerSecond });
}

describe('BodyReader', () => {
  it('concatenates the chunks of a body up to the limit', async () => {
    const { stream, request: body } = request();
    const read = reader().with(body, origin, text);
    for (const chunk of ['ab', 'cd', 'ef']) stream.write(chunk);
    stream.end();
    expect(await read).toBe('abcdef');
  });

  it('rejects a body that declares too much before reading it, and one that turns out too large', async () => {
    const sut = reader();
    const declared = sut.with(request({ 'content-length': '7' }).request, origin, text);
    await expect(declared).rejects.toMatchObject({ code: 'body-too-large' });
    const { stream, request: body } = request();
    const read = sut.with(body, origin, text);
    stream.end('abcdefg');
    await expect(read).rejects.toMatchObject({ code: 'body-too-large' });
  });

  it('counts a body until its use is done, and reads the rest of a rejected one', async () => {
    // 9 bytes for bodies that are not small.
    const sut = reader({ totalBytes: 12 });
    const first = request();
    let done = (): void => undefined;
    const using = sut.with(first.request, origin, () => new Promise<void>((resolve) => (done = resolve)));
    first.stream.end('abcdef');
    await new Promise((resolve) => setTimeout(resolve, 5));

    const second = request();
    const rejected = sut.with(second.request, { ...origin, address: '192.0.2.2', target: 'con_2' }, text);
    second.stream.end('abcd');
    await expect(rejected).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    await new Promise((resolve) => second.request.once('end', resolve));

    done();
    await using;
    const third = request();
    const read = sut.with(third.request, origin, text);
    third.stream.end('abcd');
    expect(await read).toBe('abcd');
  });

  it('rejects a body whose client leaves, also before reading began', async () => {
    const sut = reader({ totalBytes: 8 });
    const { stream, request: body } = request();
    const read = sut.with(body, origin, text);
    stream.write('abc');
    stream.destroy();
    await expect(read).rejects.toMatchObject({ code: 'aborted' });
    await expect(sut.with(body, origin, text)).rejects.toMatchObject({ code: 'aborted' });
    const next = request();
    const afterwards = sut.with(next.request, origin, text);
    next.stream.end('abcdef');
    expect(await afterwards).toBe('abcdef');
  });

  it('attack: a sender below the minimum rate is ended, and its bytes are free again', async () => {
    const sut = reader({ totalBytes: 8, minBytesPerSecond: 1_000 });
    const { stream, request: body } = request();
    const read = sut.with(body, origin, text);
    stream.write('abc');
    await expect(read).rejects.toMatchObject({ code: 'body-too-slow' });
    const next = request();
    const afterwards = sut.with(next.request, origin, text);
    next.stream.end('abcdef');
    expect(await afterwards).toBe('abcdef');
  });
});

describe('BodyBudget', () => {
  const at = (address: string, target: string, isGuessable = false) => ({ address, target, isGuessable });
  /** 300 bytes for large bodies, 100 for small ones of up to 10. */
  const budget = () => new BodyBudget({ totalBytes: 400, smallBodyBytes: 10 });

  it('attack: large bodies leave the reserve to small ones', () => {
    const sut = budget();
    for (let index = 0; index < 12; index++) sut.reserve(at(`192.0.2.${index}`, `con_${index}`), 25);
    expect(() => sut.reserve(at('198.51.100.1', 'con_x'), 25)).toThrow('Too many requests');
    expect(() => sut.reserve(at('198.51.100.1', 'con_x'), 10)).not.toThrow();
  });

  it('attack: one address gets half of a pool', () => {
    const sut = budget();
    for (let index = 0; index < 6; index++) sut.reserve(at('192.0.2.1', `con_${index}`), 25);
    expect(() => sut.reserve(at('192.0.2.1', 'con_x'), 25)).toThrow('Too many requests');
    expect(() => sut.reserve(at('198.51.100.1', 'con_x'), 25)).not.toThrow();
  });

  it('attack: an app id, which anybody can guess, gets an eighth of a pool whatever the number of addresses', () => {
    const sut = budget();
    sut.reserve(at('192.0.2.1', 'app 1', true), 25);
    expect(() => sut.reserve(at('192.0.2.2', 'app 1', true), 25)).toThrow('Too many requests');
    expect(() => sut.reserve(at('192.0.2.3', 'con_x'), 25)).not.toThrow();
  });

  it('accepts one body above a share, and reserves a declared length at once', () => {
    const sut = budget();
    const reservation = sut.reserve(at('192.0.2.1', 'app 1', true), 290);
    expect(() => sut.reserve(at('192.0.2.2', 'con_x'), 25)).toThrow('Too many requests');
    reservation.release();
    expect(() => sut.reserve(at('192.0.2.2', 'con_x'), 25)).not.toThrow();
  });
});
