import { CodedError } from '@reunite/contracts';

/** The HTTP response for every code that a webhook request can be rejected with. The code is also the metric label. */
export const rejections = {
  'method-not-allowed': { status: 405, title: 'Webhooks are sent with POST.' },
  'invalid-headers': {
    status: 400,
    title:
      'X-GitHub-Event, X-GitHub-Delivery or (for a URL without a connection) X-GitHub-Hook-Installation-Target-ID is missing or malformed.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Compressed payloads are not accepted: the signature is over the payload as it was sent.',
  },
  'invalid-signature': { status: 401, title: 'X-Hub-Signature-256 is missing or does not match the webhook secret.' },
  'unknown-connection': { status: 404, title: 'No connection has this address. It may have been deleted.' },
  'body-too-large': { status: 413, title: 'The payload is larger than this service accepts.' },
  'body-too-slow': { status: 408, title: 'The payload arrived too slowly.' },
  'malformed-json': { status: 400, title: 'The payload is neither a JSON object nor a form with the field “payload”.' },
  unavailable: { status: 503, title: 'The delivery cannot be stored now. Redeliver later.' },
  overloaded: { status: 503, title: 'Too many requests in flight. Redeliver later.' },
  /** The client closed the connection: the response is never read. */
  aborted: { status: 400, title: 'The request ended before its payload did.' },
  failed: { status: 500, title: 'Internal error; the delivery was not stored. Redeliver later.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type RejectionCode = keyof typeof rejections;

/** Rejects a webhook request. `code` selects the HTTP response and the metric label. */
export class WebhookRejectedError extends CodedError {
  constructor(
    readonly code: RejectionCode,
    options?: ErrorOptions,
  ) {
    super(rejections[code].title, options);
  }
}
