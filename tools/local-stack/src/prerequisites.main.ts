import { LocalStackError } from './local-stack.error.js';
import { ensurePrerequisites } from './prerequisites.js';

try {
  await ensurePrerequisites(['git', 'redis-server', 'chromium'], undefined, (text) => console.log(text));
} catch (error) {
  console.error(error instanceof LocalStackError ? error.message : error);
  process.exit(1);
}
