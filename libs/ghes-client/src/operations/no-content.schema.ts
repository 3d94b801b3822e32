import { z } from 'zod';

/** For operations whose response has no body; some servers send `{}`. */
export const noContentSchema = z.unknown();
