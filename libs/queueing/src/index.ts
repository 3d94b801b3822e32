export * from './backend.js';
export * from './disposition.rules.js';
export { JobFailedError } from './job-failed.error.js';
export * from './job-producer.js';
export * from './queue-names.js';
export * from './job-timeout.error.js';
export * from './job-workers.js';
export * from './missing-handler.error.js';
export * from './unsupported-queue-url.error.js';
