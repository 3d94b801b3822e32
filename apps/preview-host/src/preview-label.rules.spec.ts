import { describe, expect, it } from '@jest/globals';
import { previewHostOf } from './preview-label.rules.js';

const suffix = '01m828qks6ecw8b00adhcxnvvb';
const of = (host: string | undefined) => previewHostOf('http://{host}.preview.localhost:4400/', host);

describe('the host of a request', () => {
  it.each([
    `dep-${suffix}.preview.localhost:4400`,
    `DEP-${suffix}.Preview.Localhost`,
    `dep-${suffix}.preview.localhost.`,
  ])('names a deployment: %s', (host) =>
    expect(of(host)).toEqual({ kind: 'deployment', id: `dep_${suffix}`, authority: host.toLowerCase() }),
  );

  it('names a project', () => {
    expect(of(`prj-${suffix}.preview.localhost:80`)).toMatchObject({ kind: 'project', id: `prj_${suffix}` });
  });

  it.each([`con-${suffix}`, 'dep-', 'www', `a.dep-${suffix}`, `dep-${suffix}x`])('is none of ours: %s', (label) =>
    expect(of(`${label}.preview.localhost`)).toEqual({ kind: 'unknown' }),
  );

  it.each([undefined, '', 'localhost:4400', `dep-${suffix}.preview.localhost.evil.example`, 'preview.localhost'])(
    'lies elsewhere: %s',
    (host) => expect(of(host)).toEqual({ kind: 'elsewhere' }),
  );
});
