import { CodedError } from '@reunite/contracts';
import type { FastifyRequest } from 'fastify';
import type { UploadSource } from '../application/commits/uploads.service.js';

const UPLOAD_ROUTE = 'v1/projects/:id/uploads';
export const UPLOAD_CONTENT_TYPE = 'application/octet-stream';

class UnsupportedMediaTypeError extends CodedError {
  readonly code = 'unsupported-media-type';
}

/** The used part of Fastify. */
interface ContentTypes {
  addContentTypeParser(
    contentType: string,
    parser: (request: FastifyRequest, payload: unknown, done: (error: Error | null, body?: unknown) => void) => void,
  ): unknown;
}

/** Leaves the bodies of uploads unread, so that the route reads them as a stream. No other route accepts them. */
export function acceptUploads(fastify: ContentTypes): void {
  fastify.addContentTypeParser(UPLOAD_CONTENT_TYPE, (request, payload, done) => {
    if (isUpload(request)) done(null, payload);
    else done(new UnsupportedMediaTypeError(`This operation does not accept ${UPLOAD_CONTENT_TYPE}.`));
  });
}

export function isUpload({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === `/${UPLOAD_ROUTE}`;
}

/** @throws UnsupportedMediaTypeError if the body has another type, and was parsed */
export function uploadSourceOf({ headers, raw }: FastifyRequest): UploadSource {
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== UPLOAD_CONTENT_TYPE) {
    throw new UnsupportedMediaTypeError(`Send the bytes of the file as ${UPLOAD_CONTENT_TYPE}.`);
  }
  const length = headers['content-length'];
  return { size: length === undefined ? undefined : Number(length), content: raw };
}
