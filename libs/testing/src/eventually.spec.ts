import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

const quickly = { withinMs: 20, everyMs: 1 };

describe('eventually', () => {
  it('returns the first truthy value of the probe', async () => {
    const values = [null, undefined, false, 'ready'];
    expect(await eventually(() => values.shift(), quickly)).toBe('ready');
  });

  it('calls a probe again that throws', async () => {
    let calls = 0;
    const probe = () => {
      if (++calls < 3) throw new Error('not yet');
      return calls;
    };
    expect(await eventually(probe, quickly)).toBe(3);
  });

  it('reports what it waited for, the state and the last error when the time is over', async () => {
    const probe = () => Promise.reject(new Error('connection reset'));
    const options = { ...quickly, what: 'the server answers', state: () => ({ status: 503 }) };
    await expect(eventually(probe, options)).rejects.toMatchObject({
      message: expect.stringMatching(/^Not within 0\.02 s: the server answers; instead: \{\s+"status": 503\s+\}$/),
      cause: expect.objectContaining({ message: 'connection reset' }),
    });
  });

  it('stops when its signal is aborted', async () => {
    const stopping = eventually(() => false, { signal: AbortSignal.timeout(5) });
    await expect(stopping).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
