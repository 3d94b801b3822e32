import { z } from 'zod';

/** Text on one line. Control characters (NUL above all) and halves of surrogate pairs are not text: PostgreSQL rejects them. */
export const line = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Enter one line of text, without control characters.');
