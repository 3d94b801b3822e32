export { migrateQueueBackend, queueBackend, queueNames } from './backend.js';
export type { QueueBackend } from './backend.js';
export { backoffMs } from './disposition.rules.js';
export { jobSignal } from './job-signal.js';
export { JobProducer } from './job-producer.js';
export { JobWorkers, MissingHandlerError } from './job-workers.js';
export type { JobHandler, JobHandlers, JobRun } from './job-workers.js';
export type { JobOwner } from './fairness/fair-shares.js';
export type { FairnessSettings } from './fairness/fairness.js';
