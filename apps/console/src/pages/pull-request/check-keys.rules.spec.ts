import { expect, it } from '@jest/globals';
import { checkKeys } from './check-keys.rules.js';

it('checks of one name are told apart, and those of another stay who they are', () => {
  expect(checkKeys([{ name: 'ci' }, { name: '2 ci' }, { name: 'ci' }])).toEqual(['1 ci', '1 2 ci', '2 ci']);
});
