/** Names of the gRPC statuses that our servers answer with: https://grpc.io/docs/guides/status-codes */
export type GrpcStatusName =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'FAILED_PRECONDITION'
  | 'RESOURCE_EXHAUSTED'
  | 'DEADLINE_EXCEEDED'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'INTERNAL';

interface ErrorTraits {
  /** Status of the HTTP response. */
  readonly http: number;
  /** Status of the gRPC response. */
  readonly grpc: GrpcStatusName;
  /** True if the same call can succeed later without any change. */
  readonly retryable: boolean;
}

/**
 * Every error code of the services, with its HTTP status, its gRPC status and whether to retry. An error whose code is
 * not listed here does not compile. Codes are kebab-case and part of the public API: do not reuse or rename them.
 */
export const ERROR_CODES = {
  // Requests to the API.
  'invalid-input': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'bad-request': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  unauthenticated: { http: 401, grpc: 'UNAUTHENTICATED', retryable: false },
  forbidden: { http: 403, grpc: 'PERMISSION_DENIED', retryable: false },
  'not-found': { http: 404, grpc: 'NOT_FOUND', retryable: false },
  conflict: { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'commit-conflict': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'connection-pending': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'pull-requests-open': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'precondition-failed': { http: 412, grpc: 'FAILED_PRECONDITION', retryable: false },
  'precondition-required': { http: 428, grpc: 'FAILED_PRECONDITION', retryable: false },
  'quota-exceeded': { http: 409, grpc: 'RESOURCE_EXHAUSTED', retryable: false },
  'body-too-large': { http: 413, grpc: 'RESOURCE_EXHAUSTED', retryable: false },
  'unsupported-media-type': { http: 415, grpc: 'INVALID_ARGUMENT', retryable: false },
  'rate-limited': { http: 429, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  internal: { http: 500, grpc: 'INTERNAL', retryable: true },

  // Signing in, to Reunite and to a GitHub Enterprise Server.
  'sign-in-unavailable': { http: 503, grpc: 'UNAVAILABLE', retryable: true },
  'sign-in-rejected': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'sign-in-state-unknown': { http: 400, grpc: 'NOT_FOUND', retryable: false },
  'sign-in-state-expired': { http: 400, grpc: 'FAILED_PRECONDITION', retryable: false },
  'sign-in-state-used': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'sign-in-state-foreign-connection': { http: 403, grpc: 'PERMISSION_DENIED', retryable: false },
  'sign-in-state-foreign-issuer': { http: 403, grpc: 'PERMISSION_DENIED', retryable: false },
  'sign-in-state-ambiguous-callback': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'sign-in-state-foreign-subject': { http: 403, grpc: 'PERMISSION_DENIED', retryable: false },
  'user-signed-out': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'user-account-unconfirmed': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'user-account-broken': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },

  // Connecting a GitHub App.
  'manifest-state-unknown': { http: 400, grpc: 'NOT_FOUND', retryable: false },
  'manifest-state-expired': { http: 400, grpc: 'FAILED_PRECONDITION', retryable: false },
  'manifest-state-used': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'manifest-state-foreign-subject': { http: 403, grpc: 'PERMISSION_DENIED', retryable: false },
  'manifest-state-foreign-owner': { http: 400, grpc: 'FAILED_PRECONDITION', retryable: false },
  'manifest-state-unknown-code': { http: 400, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-unknown-app': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-wrong-app': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-wrong-client-id': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-wrong-host': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-wrong-key': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'app-permission-missing': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'client-secret-rejected': { http: 409, grpc: 'FAILED_PRECONDITION', retryable: false },
  'invalid-private-key': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'server-url-not-a-url': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-not-http': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-insecure': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-has-credentials': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-has-path': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-is-github-com': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'server-url-is-ghe-com': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },

  // The credential vault.
  'vault-unavailable': { http: 503, grpc: 'UNAVAILABLE', retryable: true },
  'vault-timeout': { http: 504, grpc: 'DEADLINE_EXCEEDED', retryable: true },
  'vault-internal': { http: 502, grpc: 'INTERNAL', retryable: true },
  'caller-limited': { http: 502, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  'caller-denied': { http: 502, grpc: 'PERMISSION_DENIED', retryable: false },
  'credential-undecryptable': { http: 502, grpc: 'DATA_LOSS', retryable: false },
  'kek-unavailable': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'kek-unusable': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'kek-wrong': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'schema-outdated': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },

  // Answers of a GitHub Enterprise Server.
  'ghes-unreachable': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'ghes-tls': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-client-certificate': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-proxy-unreachable': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'ghes-proxy-rejected': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-wrong-host': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-gateway': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-blocked-address': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-foreign-origin': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-redirected': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-unauthorized': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-suspended': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-forbidden': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-not-found': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-conflict': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-validation': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-rate-limited': { http: 503, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  'ghes-response-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'ghes-server-error': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  // A gateway's error page passes as a 502 does; the attempts of a job are limited.
  'ghes-malformed-response': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'ghes-busy': { http: 503, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  'ghes-cancelled': { http: 504, grpc: 'DEADLINE_EXCEEDED', retryable: true },
  'ghes-unsupported-version': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },

  // Git: the remote, its packs and objects, and the content store.
  'remote-rejected': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'remote-object-missing': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'object-format-unsupported': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'remote-failed': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'remote-response-malformed': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'pack-memory-busy': { http: 503, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  'pack-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'object-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'inflated-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'too-many-objects': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'delta-chain-too-deep': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'tree-too-deep': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'too-many-entries': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'malformed-object': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'missing-delta-base': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'tree-clash': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'tree-mismatch': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'object-not-found': { http: 503, grpc: 'UNAVAILABLE', retryable: false },
  'store-busy': { http: 503, grpc: 'UNAVAILABLE', retryable: true },
  'corrupt-object': { http: 500, grpc: 'DATA_LOSS', retryable: false },
  'incomplete-snapshot': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'invalid-repository-id': { http: 500, grpc: 'INTERNAL', retryable: false },
  'unsupported-storage-url': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },
  'storage-access-denied': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: true },
  'storage-unavailable': { http: 503, grpc: 'UNAVAILABLE', retryable: true },

  // Jobs.
  'server-not-answering': { http: 503, grpc: 'UNAVAILABLE', retryable: true },
  'job-timeout': { http: 504, grpc: 'DEADLINE_EXCEEDED', retryable: true },
  'job-too-late': { http: 504, grpc: 'DEADLINE_EXCEEDED', retryable: true },
  'outcome-unknown': { http: 504, grpc: 'DEADLINE_EXCEEDED', retryable: false },
  'origin-mismatch': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'too-many-starts': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'unauthorized-job': { http: 500, grpc: 'INTERNAL', retryable: false },
  'unknown-job': { http: 500, grpc: 'INTERNAL', retryable: false },
  'invalid-payload': { http: 500, grpc: 'INTERNAL', retryable: false },
  'missing-job-handler': { http: 500, grpc: 'INTERNAL', retryable: false },
  'unsupported-queue-url': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },

  // Builds of a site.
  'build-timeout': { http: 502, grpc: 'DEADLINE_EXCEEDED', retryable: false },
  'build-memory': { http: 502, grpc: 'RESOURCE_EXHAUSTED', retryable: false },
  'build-ended': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'build-process-died': { http: 502, grpc: 'UNAVAILABLE', retryable: true },
  'content-removed': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'folder-missing': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'encoding-unsupported': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'front-matter-invalid': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'openapi-invalid': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'output-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'page-too-complex': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'page-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'sidebars-invalid': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'source-syntax': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'source-too-large': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'too-many-files': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },
  'too-many-pages': { http: 502, grpc: 'FAILED_PRECONDITION', retryable: false },

  // Webhook deliveries.
  'method-not-allowed': { http: 405, grpc: 'INVALID_ARGUMENT', retryable: false },
  'invalid-headers': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'invalid-signature': { http: 401, grpc: 'UNAUTHENTICATED', retryable: false },
  'unknown-connection': { http: 404, grpc: 'NOT_FOUND', retryable: false },
  'malformed-json': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'malformed-delivery': { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  aborted: { http: 400, grpc: 'INVALID_ARGUMENT', retryable: false },
  'body-too-slow': { http: 408, grpc: 'DEADLINE_EXCEEDED', retryable: true },
  unavailable: { http: 503, grpc: 'UNAVAILABLE', retryable: true },
  overloaded: { http: 503, grpc: 'RESOURCE_EXHAUSTED', retryable: true },
  failed: { http: 500, grpc: 'INTERNAL', retryable: true },
  'inbox-unavailable': { http: 503, grpc: 'UNAVAILABLE', retryable: true },

  // Starting a service or the local stack.
  'bad-configuration': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },
  'invalid-cidr': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },
  'local-stack-cannot-run': { http: 500, grpc: 'FAILED_PRECONDITION', retryable: false },
} as const satisfies Record<string, ErrorTraits>;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** True if `code` is registered; narrows codes that arrive from another process. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}
