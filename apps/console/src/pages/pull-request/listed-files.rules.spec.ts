import { expect, it } from '@jest/globals';
import { unlistedFiles } from './listed-files.rules.js';

it('a pull request with more files than a server lists says so', () => {
  expect(unlistedFiles(3_000)).toBeNull();
  expect(unlistedFiles(3_412)).toContain('the first 3,000 of the 3,412 changed files');
});
