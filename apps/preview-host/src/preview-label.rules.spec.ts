import { describe, expect, it } from '@jest/globals';
import { previewHostOf } from './preview-label.rules.js';

const SUFFIX = '01m828qks6ecw8b00adhcxnvvb';
const parse = (host: string | undefined) => previewHostOf('http://{host}.preview.localhost:4400/', host);

describe('previewHostOf', () => {
  it.each([
    `dep-${SUFFIX}.preview.localhost:4400`,
    `DEP-${SUFFIX}.Preview.Localhost`,
    `dep-${SUFFIX}.preview.localhost.`,
  ])('recognizes a deployment: %s', (host) =>
    expect(parse(host)).toEqual({ kind: 'deployment', id: `dep_${SUFFIX}`, authority: host.toLowerCase() }),
  );

  it('recognizes a project', () => {
    expect(parse(`prj-${SUFFIX}.preview.localhost:80`)).toMatchObject({ kind: 'project', id: `prj_${SUFFIX}` });
  });

  it.each([`con-${SUFFIX}`, 'dep-', 'www', `a.dep-${SUFFIX}`, `dep-${SUFFIX}x`])(
    'returns unknown for another label of the preview domain: %s',
    (label) => expect(parse(`${label}.preview.localhost`)).toEqual({ kind: 'unknown' }),
  );

  it.each([undefined, '', 'localhost:4400', `dep-${SUFFIX}.preview.localhost.evil.example`, 'preview.localhost'])(
    'returns foreign for another domain: %s',
    (host) => expect(parse(host)).toEqual({ kind: 'foreign' }),
  );
});
