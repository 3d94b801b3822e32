import { expect, it } from '@jest/globals';
import { editedFields } from './edited-fields.rules.js';

it('contains edited fields only, even if the pull request changed meanwhile', () => {
  const began = { title: 'Words', body: 'Why.', baseBranch: 'main' };
  expect(editedFields(began, { ...began, body: 'Because.' })).toEqual({ body: 'Because.' });
  expect(editedFields(began, { ...began })).toEqual({});
});
