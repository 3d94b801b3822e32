import type { TestStack } from '../test-stack.js';

/** One user action with its expected result. A step may depend on all earlier ones that are not independent. */
export interface Step {
  readonly title: string;
  /** True if later steps do not depend on it: they run even if it fails. */
  readonly isIndependent?: boolean;
  run(stack: TestStack): Promise<void>;
}
