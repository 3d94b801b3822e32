import { jobs } from '@reunite/contracts';

/** Every queue that a job is declared on, in the order of declaration. */
export const queueNames = [...new Set(Object.values(jobs).map(({ queue }) => queue))];
