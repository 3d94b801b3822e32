import { InvalidServerUrlError } from './errors/invalid-server-url.error.js';
import { readUrl } from './read-url.rules.js';

/** The addresses of one GitHub Enterprise Server. Credentials are pinned to `origin`. */
export interface ServerAddress {
  /** `https://ghes.example.com`, with the port unless it is the default one. */
  readonly origin: string;
  /** Host with port, ASCII and lowercase: `ghes.example.com:8443`. */
  readonly host: string;
  /** Host without port. */
  readonly hostname: string;
  /** REST: `${origin}/api/v3`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
}

/** Settings of {@link parseServerUrl}. */
export interface ServerUrlOptions {
  /** Accept `http://`, for development and closed networks; tokens are then sent unencrypted. Default: false. */
  readonly allowInsecureHttp?: boolean;
}

/**
 * Parses the address of a GitHub Enterprise Server that a user entered.
 *
 * @throws InvalidServerUrlError with a code and what to enter instead
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
  rejectHostedGithub(url.hostname);
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
 * The addresses of a server whose origin was validated when the connection was created.
 *
 * @throws InvalidServerUrlError if it is not a canonical origin
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

function rejectHostedGithub(hostname: string): void {
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
