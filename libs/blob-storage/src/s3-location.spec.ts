import { describe, expect, it } from '@jest/globals';
import { openBlobStorage } from './open-blob-storage.js';
import { parseS3Url } from './s3-location.js';

describe('parseS3Url', () => {
  it('parses bucket, prefix and options', () => {
    const options =
      'region=eu-central-1&endpoint=https://s3.example.com:9000&path-style=true&sse=aws:kms&sse-kms-key-id=k';
    expect(parseS3Url(`s3://my.bucket/a/b/?${options}`)).toEqual({
      bucket: 'my.bucket',
      prefix: 'a/b/',
      region: 'eu-central-1',
      endpoint: 'https://s3.example.com:9000',
      pathStyle: true,
      encryption: { algorithm: 'aws:kms', keyId: 'k' },
    });
    expect(parseS3Url('s3://bucket')).toEqual({
      bucket: 'bucket',
      prefix: '',
      region: null,
      endpoint: null,
      pathStyle: false,
      encryption: null,
    });
  });

  it.each([
    's3:///prefix',
    's3://key:secret@bucket/prefix',
    's3://bucket?regoin=eu',
    's3://bucket?path-style=yes',
    's3://bucket?sse=none',
    's3://bucket?sse=AES256&sse-kms-key-id=k',
  ])('rejects %s', (url) => {
    expect(() => parseS3Url(url)).toThrow(expect.objectContaining({ code: 'unsupported-storage-url' }));
  });
});

describe('openBlobStorage', () => {
  it('rejects other schemes', () => {
    expect(() => openBlobStorage('ftp://host/folder')).toThrow('The scheme "ftp:" is not supported.');
  });
});
