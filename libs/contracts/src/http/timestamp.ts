import { z } from 'zod';

/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime().meta({ examples: ['2026-11-30T09:15:00.000Z'] });
