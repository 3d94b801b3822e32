import { expect, it } from '@jest/globals';
import { unlistedFiles } from './listed-files.rules.js';

it('explains that the server does not list all files', () => {
  expect(unlistedFiles(3_000)).toBeNull();
  expect(unlistedFiles(3_412)).toContain('the first 3,000 of the 3,412 changed files');
});
