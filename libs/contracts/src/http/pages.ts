import { z } from 'zod';

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.string().max(200).optional().meta({ description: 'Cursor: the `endCursor` of the previous page.' }),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** A page of a list: cursor paging, newest first. */
export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return z.object({ items: z.array(item), endCursor: z.string().nullable() }).meta({ id });
}
export interface Page<Item> {
  readonly items: Item[];
  readonly endCursor: string | null;
}
