import { z } from 'zod';

/** Violations that are reported of one list. */
const MAX_ISSUES = 5;

/**
 * An array of at most `max` items. Unlike `z.array`, it stops at the first invalid item: a server that answers with a
 * million empty objects must not cost a million reports.
 */
export function listOf<T>(schema: z.ZodType<T>, max: number): z.ZodType<T[]> {
  return z
    .array(z.unknown())
    .max(max)
    .transform((values, context) => {
      const items: T[] = [];
      for (const [index, value] of values.entries()) {
        const parsed = schema.safeParse(value);
        if (!parsed.success) {
          for (const { path, message } of parsed.error.issues.slice(0, MAX_ISSUES)) {
            context.addIssue({ code: 'custom', path: [index, ...path], message });
          }
          return z.NEVER;
        }
        items.push(parsed.data);
      }
      return items;
    });
}
