import { z } from 'zod';
import { doc } from './fields.js';

const CURSOR = 'cHJqXzAxaDJ4Y2VqcXRmMm5icmV4eDN2cWpocDQx';
const cursor = z.string().max(200).optional();

/** Query of a list that other systems return, which can only be read forward. */
export const forwardPageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).meta(doc('Largest number of items of the page', 25)),
  after: cursor.meta(doc('Cursor: the `endCursor` of a page. Returns the items after it', CURSOR)),
});
export type ForwardPageQuery = z.output<typeof forwardPageQuerySchema>;

export const pageQuerySchema = forwardPageQuerySchema.extend({
  before: cursor.meta(
    doc(
      'Cursor: the `startCursor` of a page. Returns the items before it, in the same order. Excludes `after`',
      CURSOR,
    ),
  ),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

const endCursor = z
  .string()
  .nullable()
  .meta(doc('Cursor of the next page, for `after`; null on the last page', CURSOR));

/** A page of a list that can only be read forward. */
export function forwardPageOf<Item extends z.ZodType>(item: Item, id: string) {
  const items = z.array(item).meta(doc('Items of the page, in the order of the list'));
  return z.object({ items, endCursor }).meta({ id, description: 'A page of a list that can only be read forward' });
}
export interface ForwardPage<Item> {
  readonly items: Item[];
  readonly endCursor: string | null;
}

/** A page of a list that can be read in both directions. */
export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return forwardPageOf(item, id)
    .extend({
      startCursor: z
        .string()
        .nullable()
        .meta(doc('Cursor of the previous page, for `before`; null on the first page', CURSOR)),
    })
    .meta({ id, description: 'A page of a list' });
}
export interface Page<Item> extends ForwardPage<Item> {
  readonly startCursor: string | null;
}
