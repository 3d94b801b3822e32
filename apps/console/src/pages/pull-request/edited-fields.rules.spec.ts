import { expect, it } from '@jest/globals';
import { editedFields } from './edited-fields.rules.js';

it('only what was edited is sent, whatever the pull request says by then', () => {
  const began = { title: 'Words', body: 'Why.', baseBranch: 'main' };
  expect(editedFields(began, { ...began, body: 'Because.' })).toEqual({ body: 'Because.' });
  expect(editedFields(began, { ...began })).toEqual({});
});
