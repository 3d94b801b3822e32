import { describe, expect, it } from '@jest/globals';
import type { FileChange } from '@reunite/contracts';
import { requestedChanges } from './requested-changes.js';

const limits = { files: 300, fileBytes: 20_000_000, totalBytes: 40_000_000 };
const base64 = (content: string): FileChange => ({ action: 'write', path: 'logo.png', content, encoding: 'base64' });
const contentOf = (content: string) => requestedChanges([base64(content)], '', limits)[0]?.content;

describe('files in base64', () => {
  it('are accepted up to the size limit', () => {
    const file = Buffer.alloc(10_485_760, 0xff);
    expect(contentOf(file.toString('base64'))?.equals(file)).toBe(true);
  });

  it.each([[''], ['YQ=='], ['YWI='], ['YWJj'], ['+/+/']])('are decoded to the sent bytes: %j', (content) => {
    expect(contentOf(content)?.toString('base64')).toBe(content);
  });

  it.each([['a'], ['YQ='], ['YQ'], ['Y==='], ['=YQ='], ['YQ==YQ=='], ['no base64!'], ['____'], ['YWJj\n']])(
    'are rejected if the encoding is wrong: %j',
    (content) => {
      expect(() => contentOf(content)).toThrow('it is no base64');
    },
  );
});
