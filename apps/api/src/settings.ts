export const SETTINGS = Symbol('settings of the API');

/** Settings of the API that are the same for all requests. */
export interface ApiSettings {
  /** Origin at which browsers reach the API and the console. */
  readonly publicUrl: string;
  /** Address at which servers reach webhook-ingest. */
  readonly webhookPublicUrl: string;
  readonly previewUrlTemplate: string;
  readonly allowInsecureHttp: boolean;
  readonly commitLimits: CommitLimits;
  /** Services that may call the gRPC server, by the name in their certificate. */
  readonly grpcAllowedCallers: readonly string[];
  /** Most rows of one organization. */
  readonly quotas: { readonly connections: number; readonly projects: number };
}

/** Limits of one commit. */
export interface CommitLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}
