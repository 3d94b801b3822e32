import { request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * Sends a request with the path unchanged (`fetch` would normalize `..`), to loopback whatever the host, as browsers do
 * with `*.localhost`.
 */
export function rawRequest(url: string, path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, headers: { host: `${hostname}:${port}`, ...headers }, timeout: 10_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${url} did not answer`)));
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** Fetches a page of the preview host. */
export function get(url: string): Promise<HttpAnswer> {
  const { pathname, search } = new URL(url);
  return rawRequest(url, pathname + search);
}
