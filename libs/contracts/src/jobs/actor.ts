import { z } from 'zod';

/** The actor of a job: the caller it runs for. Only the vault knows the actor's account on the server. */
export const actorSchema = z.object({ subject: z.string(), name: z.string() });
export type Actor = z.output<typeof actorSchema>;
