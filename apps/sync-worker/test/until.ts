/** Waits for a condition. @throws Error that says what is there instead, after a while */
export async function until(
  condition: () => Promise<boolean> | boolean,
  state: () => unknown = () => '',
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`Still waiting for ${condition.toString()}: ${JSON.stringify(await state(), null, 1)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
