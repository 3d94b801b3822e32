import { InvalidServerUrlError } from './errors/invalid-server-url.error.js';
import { readUrl } from './read-url.rules.js';

/** The addresses of one GitHub Enterprise Server. `origin` is what credentials are pinned to. */
export interface ServerAddress {
  /** `https://ghes.example.com`, with the port unless it is the default one. */
  origin: string;
  /** Host with port, ASCII and lowercase: `ghes.example.com:8443`. */
  host: string;
  /** Host without port. */
  hostname: string;
  /** REST: `${origin}/api/v3`. */
  apiUrl: string;
  graphqlUrl: string;
}

/** How {@link parseServerUrl} judges. */
export interface ServerUrlOptions {
  /** Accept `http://`, for development and closed networks. Tokens then travel in clear. Default: false. */
  allowInsecureHttp?: boolean;
}

/**
 * Reads what a person entered as the address of their GitHub Enterprise Server.
 *
 * @throws InvalidServerUrlError with a code and a sentence that says what to enter instead
 */
export function parseServerUrl(input: string, options: ServerUrlOptions = {}): ServerAddress {
  const text = input.trim();
  const url = readHttpUrl(text);
  // WHATWG URL keeps a trailing dot, which would make `github.com.` pass as another host.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (text.includes('@') || url.username !== '' || url.password !== '') {
    throw new InvalidServerUrlError(
      'server-url-has-credentials',
      'The server URL must not contain a user name or password. Enter only the address, like https://ghes.example.com.',
    );
  }
  refuseHostedGithub(url.hostname);
  if (url.pathname !== '/' || /[?#]/.test(text)) {
    throw new InvalidServerUrlError(
      'server-url-has-path',
      `The server URL must not have a path, query or fragment. Enter only ${url.origin}.`,
    );
  }
  if (url.protocol === 'http:' && options.allowInsecureHttp !== true) {
    throw new InvalidServerUrlError(
      'server-url-insecure',
      `The server URL must start with https://, because credentials are sent to it. Enter https://${url.host}, or have an operator allow plain HTTP.`,
    );
  }
  return addressOf(url);
}

/**
 * The addresses of a server whose origin is already known to be good (it was parsed when the connection was made).
 *
 * @throws InvalidServerUrlError if it is not an origin in its canonical form
 */
export function serverAddress(origin: string): ServerAddress {
  const address = parseServerUrl(origin, { allowInsecureHttp: true });
  if (address.origin !== origin) {
    throw new InvalidServerUrlError('server-url-not-a-url', `"${origin}" is not an origin; ${address.origin} is.`);
  }
  return address;
}

function readHttpUrl(text: string): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    throw new InvalidServerUrlError(
      'server-url-not-http',
      'The server URL must start with https://, like https://ghes.example.com.',
    );
  }
  const url = readUrl(text);
  if (!url) {
    throw new InvalidServerUrlError(
      'server-url-not-a-url',
      'This is not a valid address. Enter the address of the server as in a browser, like https://ghes.example.com.',
    );
  }
  return url;
}

function refuseHostedGithub(hostname: string): void {
  if (hostname === 'github.com' || hostname.endsWith('.github.com')) {
    throw new InvalidServerUrlError(
      'server-url-is-github-com',
      'github.com is not a GitHub Enterprise Server. Use the GitHub.com provider for it, or enter the address of your own server.',
    );
  }
  if (hostname === 'ghe.com' || hostname.endsWith('.ghe.com')) {
    throw new InvalidServerUrlError(
      'server-url-is-ghe-com',
      'An address under ghe.com is GitHub Enterprise Cloud, not a GitHub Enterprise Server. Enter the address of a server that your company runs itself.',
    );
  }
}

function addressOf(url: URL): ServerAddress {
  const { origin, host, hostname } = url;
  return { origin, host, hostname, apiUrl: `${origin}/api/v3`, graphqlUrl: `${origin}/api/graphql` };
}
