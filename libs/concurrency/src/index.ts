export { Batcher, KeyedBatcher } from './batcher.js';
export type { BatcherOptions } from './batcher.js';
export { Repeating } from './repeating.js';
