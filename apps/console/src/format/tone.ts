import type {
  Connection,
  Delivery,
  Deployment,
  LogLine,
  ProbeState,
  Project,
  PullRequest,
  PullRequestCheck,
  PullRequestFile,
  PullRequestReview,
  SelfTest,
} from '@reunite/contracts';

/** The colour of a state, always shown with its text. */
export type Tone = 'good' | 'busy' | 'bad' | 'warn' | 'quiet' | 'done';

export const connectionTones: Readonly<Record<Connection['status'], Tone>> = {
  pending: 'busy',
  connected: 'good',
  broken: 'bad',
};

export const probeTones: Readonly<Record<ProbeState, Tone>> = {
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
  skipped: 'quiet',
};

export const selfTestTones: Readonly<Record<SelfTest['state'], Tone>> = {
  untested: 'quiet',
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
};

export const deploymentTones: Readonly<Record<Deployment['state'], Tone>> = {
  queued: 'quiet',
  in_progress: 'busy',
  success: 'good',
  failed: 'bad',
  timed_out: 'bad',
  skipped: 'quiet',
  removed: 'quiet',
};

export const syncTones: Readonly<Record<Project['sync']['state'], Tone>> = {
  waiting: 'busy',
  synced: 'good',
  failed: 'bad',
};

export const pullRequestTones: Readonly<Record<PullRequest['state'], Tone>> = {
  open: 'good',
  merged: 'done',
  closed: 'quiet',
};

export const deliveryTones: Readonly<Record<Delivery['state'], Tone>> = {
  received: 'busy',
  processed: 'good',
  ignored: 'quiet',
  failed: 'bad',
};

export const logTones: Readonly<Record<LogLine['level'], Tone>> = { info: 'quiet', warning: 'warn', error: 'bad' };

export const checkTones: Readonly<Record<PullRequestCheck['state'], Tone>> = {
  pending: 'busy',
  success: 'good',
  failure: 'bad',
  error: 'bad',
  neutral: 'quiet',
};

export const pullRequestCheckTones: Readonly<Record<PullRequest['checks'], Tone>> = {
  none: 'quiet',
  pending: 'busy',
  success: 'good',
  failure: 'bad',
};

export const reviewTones: Readonly<Record<PullRequestReview['state'], Tone>> = {
  approved: 'good',
  'changes-requested': 'warn',
  commented: 'quiet',
  dismissed: 'quiet',
  pending: 'quiet',
};

export const fileTones: Readonly<Record<PullRequestFile['status'], Tone>> = {
  added: 'good',
  modified: 'busy',
  renamed: 'done',
  copied: 'done',
  removed: 'bad',
};
