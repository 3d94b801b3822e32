import { ConfigError } from '@reunite/platform';
import { LocalStackError } from './local-stack.error.js';
import { startLocalStack } from './local-stack.js';
import type { LocalStack } from './local-stack.js';
import { readSettings } from './settings.js';
import { summaryOf } from './summary.js';

const began = performance.now();
const abort = new AbortController();
let stack: LocalStack | undefined;
let interruptedAt: number | undefined;

// One Ctrl-C can arrive twice: from the terminal and from npm.
const SAME_KEY_PRESS_MS = 400;

/** The first interrupt stops everything in order; a second one exits at once. */
function interrupt(): void {
  const now = performance.now();
  if (interruptedAt !== undefined) {
    if (now - interruptedAt < SAME_KEY_PRESS_MS) return;
    console.log('\nExiting at once.');
    process.exit(130);
  }
  interruptedAt = now;
  console.log('\nStopping …');
  if (stack) void stack.stop().then(() => leave('Stopped. The data stays.', 0), fail);
  else abort.abort(new LocalStackError('The start was aborted.'));
}

function leave(text: string, code: number): void {
  console.log(text);
  process.exit(code);
}

function fail(error: unknown): void {
  if (abort.signal.aborted) leave('The start was aborted. The data stays.', 0);
  const isExpected = error instanceof LocalStackError || error instanceof ConfigError;
  console.error(isExpected ? error.message : error);
  process.exit(1);
}

// Services must not outlive this process.
process.on('exit', () => stack?.stopNow());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

try {
  console.log('Starting PostgreSQL, the services and the GHES simulator …');
  const settings = readSettings(process.env);
  stack = await startLocalStack({ ...settings, signal: abort.signal, onNotice: (text) => console.log(`\n${text}`) });
  console.log(await summaryOf(stack, (performance.now() - began) / 1000));
} catch (error) {
  fail(error);
}
