import type { Step } from './steps/step.js';
import type { TestStack } from './test-stack.js';

/**
 * Runs the steps one after the other, prints each with its duration, and stops the stack. After a failure, prints
 * evidence and sets the exit code; later steps run only if the failed one is independent.
 *
 * @param name name of the run, for the last line
 */
export async function runSteps(name: string, stack: TestStack, steps: readonly Step[]): Promise<void> {
  const began = performance.now();
  const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stack.close().finally(() => process.exit(130)));
  }
  process.on('exit', () => stack.closeNow());
  let failures = 0;
  try {
    for (const [index, step] of steps.entries()) {
      const stepBegan = performance.now();
      const number = String(index + 1).padStart(3);
      try {
        await step.run(stack);
        console.log(`${number}  ${seconds(stepBegan).padStart(7)}  ${step.title}`);
      } catch (error) {
        failures += 1;
        console.error(`${number}  FAILED  ${step.title} (${seconds(stepBegan)})`);
        console.error(error);
        console.error(await stack.evidence());
        if (step.isIndependent !== true) break;
      }
    }
  } finally {
    await stack.close();
  }
  if (failures > 0) process.exitCode = 1;
  console.log(failures > 0 ? `${name}: ${failures} failed` : `${name}: ${steps.length} steps ok (${seconds(began)})`);
}
