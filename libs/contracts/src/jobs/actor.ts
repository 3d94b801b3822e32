import { z } from 'zod';

/** The person a job acts for. Who they are at the server is the vault's to know. */
export const actorSchema = z.object({ subject: z.string(), name: z.string() });
export type Actor = z.output<typeof actorSchema>;
