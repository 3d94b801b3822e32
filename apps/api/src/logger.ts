export type { Logger } from '@reunite/platform';

export const LOGGER = Symbol('logger');
