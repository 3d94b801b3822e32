import { CallRateLimit } from './call-rate-limit.js';

export interface RateLimits {
  readonly services: CallRateLimit;
  readonly organizations: CallRateLimit;
}

export const RATE_LIMITS = Symbol('rate limits');

/** @param settings maximum number of calls per second of one service, and for one organization */
export function createRateLimits(settings: {
  readonly perService: number;
  readonly perOrganization: number;
}): RateLimits {
  return {
    services: new CallRateLimit('Service', settings.perService),
    organizations: new CallRateLimit('Organization', settings.perOrganization),
  };
}
