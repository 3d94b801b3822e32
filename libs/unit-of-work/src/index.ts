export { JobOwners } from './job-owners.js';
export { UnitOfWork } from './unit-of-work.js';
export type { WorkScope } from './unit-of-work.js';
export type { Work } from './work.js';
