export * from './config.error.js';
export * from './config.js';
export * from './health.module.js';
export { createLogger, NestLogger } from './logger.js';
export type { Logger } from './logger.js';
export * from './run-service.js';
export * from './service-identity.js';
export * from './watched-identity.js';
