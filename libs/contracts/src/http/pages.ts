import { z } from 'zod';
import { doc } from './fields.js';

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25).meta(doc('Largest number of items of the page', 25)),
  after: z
    .string()
    .max(200)
    .optional()
    .meta(
      doc(
        'Cursor: the `endCursor` of the previous page. Its items come after it',
        'cHJqXzAxaDJ4Y2VqcXRmMm5icmV4eDN2cWpocDQx',
      ),
    ),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** A page of a list: cursor paging, newest first. */
export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
      items: z.array(item).meta(doc('Items of the page, in the order of the list')),
      endCursor: z
        .string()
        .nullable()
        .meta(
          doc(
            'Cursor of the last item, for `after`; null on the last page',
            'cHJqXzAxaDJ4Y2VqcXRmMm5icmV4eDN2cWpocDQx',
          ),
        ),
    })
    .meta({ id, description: 'A page of a list' });
}
export interface Page<Item> {
  readonly items: Item[];
  readonly endCursor: string | null;
}
