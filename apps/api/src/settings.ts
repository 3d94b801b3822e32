import type { UploadLimits } from '@reunite/repositories';
import type { UploadPace } from './limits/upload-pace.js';

export const SETTINGS = Symbol('settings of the API');

/** Settings of the API that are the same for all requests. */
export interface ApiSettings {
  /** Origin at which browsers reach the API and the console. */
  readonly publicUrl: string;
  /** Page at which users sign in. Null if it is unknown, or the local sign-in is on. */
  readonly signInUrl: string | null;
  /** Address at which servers reach webhook-ingest. */
  readonly webhookPublicUrl: string;
  readonly previewUrlTemplate: string;
  readonly allowInsecureHttp: boolean;
  readonly commitLimits: CommitLimits;
  readonly uploads: UploadSettings;
  /** Services that may call the gRPC server, by the name in their certificate. */
  readonly grpcAllowedCallers: readonly string[];
  /** Most rows of one organization. */
  readonly quotas: { readonly connections: number; readonly projects: number };
}

/** Limits of uploads; `atOnce` and `pace` are those of this replica. */
export interface UploadSettings extends UploadLimits {
  readonly atOnce: number;
  readonly pace: UploadPace;
}

/** Limits of one commit; uploads that it refers to are not counted. */
export interface CommitLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}
