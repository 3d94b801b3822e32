import { expect, it } from '@jest/globals';
import { checkKeys } from './check-keys.rules.js';

it('gives checks of the same name different keys and keeps other keys', () => {
  expect(checkKeys([{ name: 'ci' }, { name: '2 ci' }, { name: 'ci' }])).toEqual(['1 ci', '1 2 ci', '2 ci']);
});
