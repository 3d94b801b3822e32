export * from './config.error.js';
export * from './config.js';
export * from './health.module.js';
export * from './logger.js';
export * from './run-service.js';
export * from './service-identity.js';
