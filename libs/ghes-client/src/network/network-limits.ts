/** What one connection may take. All times in milliseconds. */
export interface NetworkLimits {
  /** From dialling to the end of the TLS handshake. Default 10 s. */
  connectTimeoutMs: number;
  /** From the sent request to the complete headers of the response. Default 30 s. */
  headersTimeoutMs: number;
  /** Between two pieces of a body. Default 30 s. */
  bodyTimeoutMs: number;
  /** For the whole exchange, whatever trickles in. Default 2 min. */
  totalTimeoutMs: number;
  /** Longest body of an API response. Default 32 MiB. */
  maxResponseBytes: number;
  /** Longest body of a git response. Default 512 MiB. */
  maxPackBytes: number;
  /** For the whole exchange of a git request. Default 10 min. */
  packTimeoutMs: number;
  /** Requests under way at the same time, for all clients of the connection; also the size of the keep-alive pool. Default 16. */
  maxConcurrentRequests: number;
  /** Attempts for a read, the first included. Default 3. */
  maxAttempts: number;
  /** Longest wait before the second attempt; doubles each time. Default 250 ms. */
  retryDelayMs: number;
  /** How long after its minting a token is tried again if it is refused: a server's replicas get to know it late. Default 5 s. */
  newTokenMs: number;
}

const mebibyte = 1024 * 1024;

/** The defaults named at each limit. */
export const defaultNetworkLimits: NetworkLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  maxResponseBytes: 32 * mebibyte,
  maxPackBytes: 512 * mebibyte,
  packTimeoutMs: 600_000,
  maxConcurrentRequests: 16,
  maxAttempts: 3,
  retryDelayMs: 250,
  newTokenMs: 5_000,
};
