import type { TestStack } from '../test-stack.js';

/** One user action with its expected result. A step may depend on all earlier ones that are not independent. */
export interface Step {
  readonly title: string;
  /** True if later steps do not depend on it: they run even if it fails. */
  readonly isIndependent?: boolean;
  /** `processes`: needs the processes and files of a stack on this machine, not in containers. */
  readonly needs?: 'processes';
  run(stack: TestStack): Promise<void>;
}
