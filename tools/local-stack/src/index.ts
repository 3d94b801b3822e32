export { LocalStackError } from './local-stack.error.js';
export { startLocalStack } from './local-stack.js';
export type { LocalStack, LocalStackOptions } from './local-stack.js';
export { claimPorts, portNames } from './ports.js';
export type { PortName, Ports } from './ports.js';
export { ensurePrerequisites } from './prerequisites.js';
export { chromiumPath } from './chromium-path.js';
export { serviceNames } from './services.js';
export type { ServiceName, SimulatorSettings, StackAddresses } from './services.js';
