import { UnsupportedStorageUrlError } from './unsupported-storage-url.error.js';

/** The place of blobs in S3, and the options of the requests. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with `/`. */
  readonly prefix: string;
  /** Default: the region of the credentials chain, such as AWS_REGION. */
  readonly region: string | null;
  /** Default: AWS. */
  readonly endpoint: string | null;
  /** Addresses the bucket by path instead of by host name. */
  readonly pathStyle: boolean;
  /** Server-side encryption; default: that of the bucket. */
  readonly encryption: { readonly algorithm: 'AES256' | 'aws:kms'; readonly keyId: string | null } | null;
}

const OPTIONS = ['region', 'endpoint', 'path-style', 'sse', 'sse-kms-key-id'];

/**
 * Parses `s3://bucket/prefix?region=…&endpoint=https://…&path-style=true&sse=aws:kms&sse-kms-key-id=…`. Credentials come
 * from the SDK's default chain, never from the URL.
 *
 * @throws UnsupportedStorageUrlError
 */
export function parseS3Url(url: string | URL): S3Location {
  const { hostname: bucket, pathname, searchParams, username, password } = new URL(url);
  const invalid = (problem: string) => new UnsupportedStorageUrlError(problem);
  if (bucket === '') throw invalid('The s3:// address has no bucket.');
  if (username !== '' || password !== '') throw invalid('The s3:// address must not contain credentials.');
  const unknown = [...searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw invalid(`The option "${unknown}" is unknown; options: ${OPTIONS.join(', ')}.`);
  const folder = decodeURIComponent(pathname)
    .split('/')
    .filter((name) => name !== '')
    .join('/');
  const pathStyle = searchParams.get('path-style') ?? 'false';
  if (!['true', 'false'].includes(pathStyle)) throw invalid('The option "path-style" must be true or false.');
  return {
    bucket,
    prefix: folder === '' ? '' : `${folder}/`,
    region: searchParams.get('region'),
    endpoint: searchParams.get('endpoint'),
    pathStyle: pathStyle === 'true',
    encryption: encryptionOf(searchParams.get('sse'), searchParams.get('sse-kms-key-id')),
  };
}

function encryptionOf(algorithm: string | null, keyId: string | null): S3Location['encryption'] {
  if (algorithm === null && keyId === null) return null;
  if (algorithm === 'aws:kms' || (algorithm === 'AES256' && keyId === null)) return { algorithm, keyId };
  throw new UnsupportedStorageUrlError(
    'The option "sse" must be AES256 or aws:kms, and "sse-kms-key-id" needs "sse=aws:kms".',
  );
}
