import type { Deployment } from '@reunite/contracts';
import { shortCommit } from '../../format/text.js';

export interface ToastText {
  readonly id: string;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly to: string;
}

/** Events of older deployments, e.g. that they were removed, are no news. */
const NEWS_MS = 60_000;

interface Moment {
  readonly now: number;
  /** Path of the page that the user views. */
  readonly pathname: string;
}

/** The toast of a deployment that just finished, or null. Previews are shown only if they failed. */
export function toastOf(deployment: Deployment, { now, pathname }: Moment): ToastText | null {
  const { id, state, environment, branch, commit, finishedAt, reason } = deployment;
  const to = `/deployments/${id}`;
  if (finishedAt === null || now - Date.parse(finishedAt) > NEWS_MS || pathname === to) return null;
  const what = environment === 'production' ? 'Production' : `Preview of ${branch}`;
  if (state === 'failed' || state === 'timed_out') {
    return { id, tone: 'bad', title: `${what} failed`, text: reason ?? 'Open the deployment for the reason.', to };
  }
  if (state !== 'success' || environment === 'preview') return null;
  return {
    id,
    tone: 'good',
    title: 'Production was updated',
    text: `It shows ${shortCommit(commit)} of ${branch}.`,
    to,
  };
}
