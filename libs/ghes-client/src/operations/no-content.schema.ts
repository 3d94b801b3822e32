import { z } from 'zod';

/** For operations whose answer says nothing beyond its status; some servers send `{}` with it. */
export const noContentSchema = z.unknown();
