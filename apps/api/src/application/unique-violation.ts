import { ConflictError } from '@reunite/contracts';
import { QueryFailedError } from 'typeorm';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/** Maps a unique violation on the name to ConflictError. */
export async function orNameConflict<Result>(write: Promise<Result>, message: string): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === UNIQUE_VIOLATION) {
      throw new ConflictError(message);
    }
    throw error;
  }
}
