/** Every way in which a request is not accepted: its answer, and the name that it is counted by. */
export const refusals = {
  'method-not-allowed': { status: 405, title: 'Webhooks are sent with POST.' },
  'invalid-headers': {
    status: 400,
    title:
      'X-GitHub-Event or X-GitHub-Delivery, or for this address X-GitHub-Hook-Installation-Target-ID, is missing or malformed.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Set the content type of the app’s webhook to application/json; forms are not accepted.',
  },
  'invalid-signature': { status: 401, title: 'X-Hub-Signature-256 is missing or does not match the webhook secret.' },
  'unknown-connection': { status: 404, title: 'No connection has this address. It may have been deleted.' },
  'body-too-large': { status: 413, title: 'The payload is larger than this service accepts.' },
  'malformed-json': { status: 400, title: 'The payload is not a JSON object.' },
  unavailable: { status: 503, title: 'The delivery cannot be kept now. Deliver it again later.' },
  overloaded: { status: 503, title: 'Too many payloads are on their way. Deliver it again later.' },
  /** Nobody is there to be answered. */
  aborted: { status: 400, title: 'The request ended before its payload did.' },
  failed: { status: 500, title: 'Something went wrong here. The delivery was not kept; deliver it again later.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type Refusal = keyof typeof refusals;
