import { describe, expect, it } from '@jest/globals';
import { nextLink } from './paging.js';

describe('nextLink', () => {
  it.each([
    [undefined, undefined],
    ['<https://h/a?page=2>; rel="next", <https://h/a?page=9>; rel="last"', 'https://h/a?page=2'],
    ['<https://h/a?page=1>; rel="prev", <https://h/a?page=3>; rel="next"', 'https://h/a?page=3'],
    ['<https://h/a?page=1>; rel="prev"', undefined],
    ['garbage, rel="next"', undefined],
  ])('reads %j', (header, target) => {
    expect(nextLink(header)).toBe(target);
  });
});
