export { LocalSignIn } from './local-sign-in.js';
export type { TokenSettings } from './local-sign-in.js';
export { assertLoopbackHost, isLoopback } from './loopback-host.js';
