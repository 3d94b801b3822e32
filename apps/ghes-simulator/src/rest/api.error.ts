export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: string;
  readonly message?: string;
}

/** An error answer in GitHub's format. */
export class ApiError extends Error {
  readonly code = 'api-error';
  readonly retryable = false;

  constructor(
    readonly status: number,
    message: string,
    readonly errors?: (FieldError | string)[],
  ) {
    super(message);
  }
}

export const notFound = () => new ApiError(404, 'Not Found');
export const badCredentials = () => new ApiError(401, 'Bad credentials');
export const requiresAuthentication = () => new ApiError(401, 'Requires authentication');
export const notAccessible = () => new ApiError(403, 'Resource not accessible by integration');
export const invalid = (errors: (FieldError | string)[]) => new ApiError(422, 'Validation Failed', errors);

/** The HTTP status of an error of the simulator or of Fastify; 500 for any other. */
export function statusOf(error: unknown): number {
  if (error instanceof ApiError) return error.status;
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
}
