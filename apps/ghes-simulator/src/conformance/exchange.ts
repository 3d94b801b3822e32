/** A REST request with its response. */
export interface Exchange {
  readonly method: string;
  /** Below `/api/v3`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly status: number;
  readonly contentType: string;
  readonly answer: string;
}

/** A webhook as it was sent. */
export interface SentWebhook {
  readonly event: string;
  readonly action: string | null;
  readonly headers: Record<string, string>;
  readonly payload: string;
}
