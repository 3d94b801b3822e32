import type { ConnectionHealth } from '@reunite/contracts';
import { counted } from './text.js';
import { relativeTime } from './time.js';
import type { Tone } from './tone.js';

export const supportTones: Readonly<Record<ConnectionHealth['serverSupport'], Tone>> = {
  supported: 'good',
  'out-of-support': 'warn',
  'too-old': 'bad',
  'newer-than-known': 'quiet',
  unknown: 'quiet',
};

/** `until 2027-03-17`; empty if the day is unknown. */
export function supportPeriod({
  serverSupport,
  supportEnds,
}: Pick<ConnectionHealth, 'serverSupport' | 'supportEnds'>): string {
  if (supportEnds === null) return '';
  return `${serverSupport === 'supported' ? 'until' : 'since'} ${supportEnds}`;
}

const DAY_MS = 86_400_000;

/** `82 days left`. */
export function certificateText(expiresAt: string | null, now: number): string {
  if (expiresAt === null) return 'unknown';
  const days = Math.floor((Date.parse(expiresAt) - now) / DAY_MS);
  return days < 0 ? `expired ${relativeTime(expiresAt, now)}` : `${counted(days, 'day')} left`;
}

/** `4,990 of 5,000 left, as of 2 minutes ago`. */
export function rateLimitText(rateLimit: ConnectionHealth['rateLimit'], now: number): string {
  if (rateLimit === null) return 'not reported';
  const { limit, remaining, readAt, resetsAt } = rateLimit;
  const isReset = resetsAt !== null && Date.parse(resetsAt) <= now;
  const left = `${remaining.toLocaleString('en')} of ${limit.toLocaleString('en')} left`;
  return `${left}, as of ${relativeTime(readAt, now)}${isReset ? '; reset since' : ''}`;
}
