export { migrateQueueBackend, queueBackend, queueNames, UnsupportedQueueUrlError } from './backend.js';
export type { QueueBackend } from './backend.js';
export { JobFailedError } from './job-failed.error.js';
export { JobProducer } from './job-producer.js';
export { JobTimeoutError } from './job-timeout.error.js';
export { JobWorkers, MissingHandlerError } from './job-workers.js';
export type { JobHandler, JobHandlers, JobRun, WorkerSettings } from './job-workers.js';
export type { JobOwner } from './fairness/fair-shares.js';
export type { FairnessSettings } from './fairness/fairness.js';
