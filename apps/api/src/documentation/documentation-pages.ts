import { ERROR_CODES } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import { ERROR_TEXTS } from '@reunite/contracts/error-texts';

/** Sources of the documentation, by path. */
export type Sources = Readonly<Record<string, string>>;

/** The sources of the site at `/docs`: an overview, the reference of the OpenAPI document, and a page for each error code. */
export function documentationSources(document: object): Sources {
  const errors = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => [`docs/errors/${code}.md`, errorPage(code)]);
  return {
    'docs/index.md': OVERVIEW,
    'docs/reference.json': JSON.stringify(document),
    'docs/errors/index.md': errorIndex(),
    'sidebars.yaml': SIDEBARS,
    ...(Object.fromEntries(errors) as Sources),
  };
}

const OVERVIEW = `# API of the Reunite GHES bridge

The [reference](reference.json) describes every operation, its parameters, its answers and its errors. Programs read the same
as OpenAPI 3.1 at \`/openapi.json\`.

## Authentication

Send the token of the user as \`Authorization: Bearer …\`. The role that an operation needs is a role of the token in its
organization. Objects of other organizations do not exist for the caller.

## Errors

Errors are problem details (RFC 9457). \`code\` is stable, and \`type\` is the page of the code. See [all codes](errors/index.md).

| Header | Meaning |
| --- | --- |
| \`X-Request-Id\` | Names the request in the log of the bridge. Send your own to use it in both logs |
| \`Retry-After\` | Seconds until the request may be sent again, with 429 and 503 |

## Lists

A list has pages of \`limit\` items (1 to 100). Send \`endCursor\` of a page as \`after\` to get the next page; it is \`null\` on the
last one. Send \`startCursor\` as \`before\` to get the previous page, in the same order; it is \`null\` on the first one.
Cursors are opaque. Lists that a server or the vault returns (branches, versions of a file, files of a pull request, the audit
of a connection) can only be read forward: they have neither \`before\` nor \`startCursor\`.

## Repeated requests

A creation that is sent again with the same \`Idempotency-Key\` returns the first response and creates nothing. The key is stored
for a day.

## Concurrent changes

Answers with an \`ETag\` can be changed safely: send it as \`If-Match\`. If the object changed after it was read, the answer is 412
and nothing is changed. An operation that replaces the whole object requires \`If-Match\`, and answers 428 without it.

## Live events

\`GET /v1/events\` is a stream of server-sent events. An event names a changed object; read it again to see the change. A
client that reconnects with \`Last-Event-ID\`, to any replica, gets the events that it missed. After \`event: gap\`, read
everything again.

## gRPC

Backends call the same operations over gRPC with mutual TLS. Messages and methods are in \`bridge.proto\`. The trailer
\`reunite-code\` has the code of an error.
`;

const SIDEBARS = `- page: docs/index.md
- page: docs/reference.json
  label: Reference
- page: docs/errors/index.md
  label: Errors
`;

function errorIndex(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map(
    (code) => `| [${code}](${code}.md) | ${ERROR_CODES[code].http} | ${ERROR_TEXTS[code].cause} |`,
  );
  return ['# Errors', '', '| Code | HTTP status | Cause |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function errorPage(code: ErrorCode): string {
  const { http, grpc, retryable } = ERROR_CODES[code];
  const { cause, remedy } = ERROR_TEXTS[code];
  const retry = retryable
    ? 'The same request can succeed later.'
    : 'The same request fails again until something changes.';
  return `# ${code}

${cause}

**What to do:** ${remedy}

| HTTP status | gRPC status | Retry |
| --- | --- | --- |
| ${http} | \`${grpc}\` | ${retry} |

[All codes](index.md)
`;
}
