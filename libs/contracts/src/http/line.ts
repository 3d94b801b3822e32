import { z } from 'zod';

/** Text on one line, without control characters and lone surrogates: PostgreSQL rejects NUL and lone surrogates. */
export const line = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Enter one line of text, without control characters.');
