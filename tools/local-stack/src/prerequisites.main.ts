import { LocalStackError } from './local-stack.error.js';
import { ensurePrerequisites } from './prerequisites.js';

const report = (text: string) => console.log(text);

try {
  await ensurePrerequisites(['git', 'redis-server', 'chromium'], undefined, report);
} catch (error) {
  console.error(error instanceof LocalStackError ? error.message : error);
  process.exit(1);
}

// Without it, only the syntax and the tests of the alert rules are not checked, which `check:metrics` reports.
await ensurePrerequisites(['promtool'], undefined, report).catch((error: unknown) =>
  console.log(error instanceof Error ? error.message : String(error)),
);
