import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const lineSchema = z.object({
  level: z.union([z.string(), z.number()]).optional(),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional(),
});

/** The last lines of a service's log in readable form. */
export async function logTail(file: string, count: number): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).filter(Boolean).map(readable);
}

function readable(line: string): string {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, msg, err } = parsed.data;
  const cause = err !== undefined && !msg.includes(err.message) ? `: ${err.message}` : '';
  return `${level ?? ''} ${msg}${cause}`.trim();
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
