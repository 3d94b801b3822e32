import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BodyReader } from './body-reader.js';

function request(headers: Record<string, string> = {}) {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}
const text = (body: Buffer) => Promise.resolve(body.toString());

describe('BodyReader', () => {
  it('puts a body together, up to the limit', async () => {
    const { stream, request: body } = request();
    const read = new BodyReader({ body: 6, held: 6 }).with(body, text);
    for (const chunk of ['ab', 'cd', 'ef']) stream.write(chunk);
    stream.end();
    expect(await read).toBe('abcdef');
  });

  it('refuses a body that says it is too large before reading it, and one that is when it is', async () => {
    const sut = new BodyReader({ body: 6, held: 60 });
    await expect(sut.with(request({ 'content-length': '7' }).request, text)).rejects.toMatchObject({
      code: 'body-too-large',
    });
    const { stream, request: body } = request();
    const read = sut.with(body, text);
    stream.end('abcdefg');
    await expect(read).rejects.toMatchObject({ code: 'body-too-large' });
  });

  it('holds no more bytes than it may, until the use of a body is done, and reads on what it refuses', async () => {
    const sut = new BodyReader({ body: 6, held: 8 });
    const first = request();
    let done = (): void => undefined;
    const using = sut.with(first.request, () => new Promise<void>((resolve) => (done = resolve)));
    first.stream.end('abcdef');
    await new Promise((resolve) => setTimeout(resolve, 5));

    const second = request();
    const refused = sut.with(second.request, text);
    second.stream.end('abc');
    await expect(refused).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    await new Promise((resolve) => second.request.once('end', resolve));

    done();
    await using;
    const third = request();
    const read = sut.with(third.request, text);
    third.stream.end('abc');
    expect(await read).toBe('abc');
  });

  it('says when the sender has gone, also before reading began', async () => {
    const sut = new BodyReader({ body: 6, held: 6 });
    const { stream, request: body } = request();
    const read = sut.with(body, text);
    stream.write('abc');
    stream.destroy();
    await expect(read).rejects.toMatchObject({ code: 'aborted' });
    await expect(sut.with(body, text)).rejects.toMatchObject({ code: 'aborted' });
    const next = request();
    const again = sut.with(next.request, text);
    next.stream.end('abcdef');
    expect(await again).toBe('abcdef');
  });
});
