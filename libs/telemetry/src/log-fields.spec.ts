import { describe, expect, it } from '@jest/globals';
import { addLogFields, logFields, withLogFields } from './log-fields.js';

describe('log fields', () => {
  it('apply to everything that an operation runs, besides those of the operation around it', async () => {
    const fields = await withLogFields({ job: 'sync-ref' }, async () => {
      const inner = withLogFields({ ref: 'ref_1' }, async () => {
        await Promise.resolve();
        addLogFields({ connection: 'con_1' });
        return logFields();
      });
      return { inner: await inner, outer: logFields() };
    });
    expect(fields).toEqual({
      inner: { job: 'sync-ref', ref: 'ref_1', connection: 'con_1' },
      outer: { job: 'sync-ref' },
    });
  });

  it('are empty outside of an operation, where adding has no effect', () => {
    addLogFields({ job: 'sync-ref' });
    expect(logFields()).toEqual({});
  });
});
