import type { TestStack } from '../test-stack.js';

/** One user action with its expected result. A step may depend on all earlier ones. */
export interface Step {
  readonly title: string;
  run(stack: TestStack): Promise<void>;
}
