export { CodedError, isCoded } from './coded-error.js';
export { ConflictError } from './conflict.error.js';
export { ERROR_CODES, isErrorCode } from './error-codes.js';
export type { ErrorCode, GrpcStatusName } from './error-codes.js';
export { ForbiddenError } from './forbidden.error.js';
export { InvalidInputError } from './invalid-input.error.js';
export type { InputViolation } from './invalid-input.error.js';
export { NotFoundError } from './not-found.error.js';
