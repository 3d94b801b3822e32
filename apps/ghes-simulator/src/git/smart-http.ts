import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { BareRepository } from './bare-repository.js';

export interface SmartHttpRequest {
  readonly root: string;
  readonly method: string;
  /** Path below the root, e.g. `/acme/docs.git/info/refs`. */
  readonly pathInfo: string;
  readonly queryString: string;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentLength: string | undefined;
  readonly gitProtocol: string | undefined;
  readonly remoteUser: string;
  readonly body: Readable | undefined;
}

export interface SmartHttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
  /** Resolves when Git exits. The answer stays open until `finish` is called, so that work can be done before. */
  readonly ended: Promise<number | null>;
  readonly errors: Promise<string>;
  readonly finish: () => void;
}

/** Passes a request to `git http-backend` and streams its answer. */
export async function smartHttp(repository: BareRepository, request: SmartHttpRequest): Promise<SmartHttpResponse> {
  const child = repository.spawn(['http-backend'], cgiEnvironment(request));
  const ended = once(child, 'close').then(
    ([code]) => code as number | null,
    () => null,
  );
  const errors = text(child.stderr);
  // Git stops reading early when it rejects a push, so a broken pipe is expected.
  child.stdin.on('error', () => undefined);
  if (request.body) {
    request.body.pipe(child.stdin);
    request.body.on('close', () => child.stdin.end());
  } else child.stdin.end();
  const { status, headers, rest } = await readHead(child.stdout);
  const body = new PassThrough();
  if (rest.length > 0) body.write(rest);
  child.stdout.pipe(body, { end: false });
  body.once('close', () => {
    // The client has closed the connection. Drain the output, so that a receive still completes.
    if (!request.pathInfo.endsWith('/git-receive-pack')) child.kill();
    child.stdout.resume();
  });
  return { status, headers, body, ended, errors, finish: () => body.end() };
}

function cgiEnvironment(request: SmartHttpRequest): NodeJS.ProcessEnv {
  return {
    GIT_PROJECT_ROOT: request.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: request.pathInfo,
    QUERY_STRING: request.queryString,
    REQUEST_METHOD: request.method,
    REMOTE_ADDR: '127.0.0.1',
    // http-backend accepts a push only with REMOTE_USER, which it writes to reflogs.
    REMOTE_USER: request.remoteUser,
    ...(request.contentType === undefined ? {} : { CONTENT_TYPE: request.contentType }),
    ...(request.contentLength === undefined ? {} : { CONTENT_LENGTH: request.contentLength }),
    ...(request.contentEncoding === undefined ? {} : { HTTP_CONTENT_ENCODING: request.contentEncoding }),
    ...(request.gitProtocol === undefined ? {} : { GIT_PROTOCOL: request.gitProtocol }),
  };
}

/** Reads the CGI headers and leaves the stream paused at the body. */
async function readHead(stream: Readable): Promise<{ status: number; headers: Record<string, string>; rest: Buffer }> {
  let head = Buffer.alloc(0);
  while (head.indexOf('\r\n\r\n') < 0) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) head = Buffer.concat([head, chunk]);
    else if (stream.readableEnded || stream.destroyed) throw new Error('git http-backend did not answer');
    else await Promise.race([once(stream, 'readable'), once(stream, 'close')]);
  }
  const end = head.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of head.toString('latin1', 0, end).split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers, rest: head.subarray(end + 4) };
}
