import { describe, expect, it } from '@jest/globals';
import { fuzz, inProcessTargets } from './fuzz-run.js';

/** The quick mode of `npm run fuzz`, without the targets that need a running stack. */
describe('foreign input', () => {
  it.each(inProcessTargets.map((target) => [target.name, target] as const))(
    'attack: %s neither crashes nor hangs its reader',
    async (_, target) => {
      const { cases, failure } = await fuzz(target, { seconds: 2 });
      expect(failure).toBeNull();
      expect(cases).toBeGreaterThan(0);
    },
  );
});
