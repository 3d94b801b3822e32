import { describe, expect, it } from '@jest/globals';
import { codeSpan, commentBody, commentMarker } from './comment-body.rules.js';
import type { CommentContent } from './comment-body.rules.js';

const content: CommentContent = {
  projectId: 'prj_1',
  projectName: 'Docs',
  commit: 'abcdef1234567',
  previewUrl: 'https://dep-1.preview.example.com/',
  deploymentUrl: 'https://console.example.com/deployments/dep_1',
  results: [
    { check: 'build', state: 'success', description: '2 pages built' },
    { check: 'links', state: 'failure', description: '1 error' },
  ],
  newFindings: 1,
  pages: [{ path: 'docs/start.md', url: 'https://dep-1.preview.example.com/start/' }],
  morePages: false,
};

describe('the comment on a pull request', () => {
  it('shows the preview, the results, the changed pages and the commit', () => {
    expect(commentBody(content).split('\n')).toEqual([
      '<!-- reunite-preview:prj_1 -->',
      '### Preview of `Docs`',
      '',
      '[Open the preview](https://dep-1.preview.example.com/)',
      '',
      '- **build**: ✅ successful, `2 pages built`',
      '- **links**: ❌ failed, `1 error`',
      '- **new findings**: 1, compared with production',
      '',
      '**Changed pages**',
      '',
      '- [`docs/start.md`](https://dep-1.preview.example.com/start/)',
      '',
      'Commit `abcdef1` · [log and findings](https://console.example.com/deployments/dep_1)',
    ]);
  });

  it('omits what is not known', () => {
    const body = commentBody({ ...content, previewUrl: null, newFindings: null, pages: [] });
    expect(body).not.toMatch(/Open the preview|new findings|Changed pages/);
  });

  it.each([
    ['a mention', '@octocat', '`@octocat`'],
    ['a reference', '#1 and acme/docs#2', '`#1 and acme/docs#2`'],
    ['HTML', '<img src=x>-->', '`<img src=x>-->`'],
    ['a link', '[x](https://evil.example)', '`[x](https://evil.example)`'],
    ['the end of a code span', '` @octocat', '`` ` @octocat ``'],
    ['longer runs of backticks', 'a``` @b `` c', '```` a``` @b `` c ````'],
    ['another line', 'a\n\n# @octocat\u2028b', '`a # @octocat b`'],
    ['a change of direction', 'gpj\u202Eexe.md', '`gpj\ufffdexe.md`'],
    ['nothing', ' \n', '`-`'],
  ])('attack: shows %s in a foreign text as text', (_what, text, shown) => {
    expect(codeSpan(text)).toBe(shown);
  });

  it('attack: a path does not end the target of its link', () => {
    const pages = [{ path: 'a) @b.md', url: 'https://dep-1.preview.example.com/a)%20<b>/' }];
    expect(commentBody({ ...content, pages })).toContain(
      '- [`a) @b.md`](https://dep-1.preview.example.com/a%29%20%3Cb%3E/)',
    );
  });

  it('attack: many pages with long names and addresses stay below the limit of servers', () => {
    const pages = Array.from({ length: 100 }, (_, index) => ({
      path: `${'`'.repeat(2_000)}${index}.md`,
      url: `https://dep-1.preview.example.com/${'(x'.repeat(index < 10 ? 3_000 : 200)}`,
    }));
    const results = content.results.map((result) => ({ ...result, description: 'é'.repeat(10_000) }));
    const body = commentBody({ ...content, projectName: 'x'.repeat(10_000), results, pages });
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('- and more');
  });

  it('attack: the name of a project does not forge the marker of another project', () => {
    const body = commentBody({ ...content, projectName: commentMarker('prj_2') });
    expect(body.startsWith(commentMarker('prj_1'))).toBe(true);
    expect(body.startsWith(commentMarker('prj_2'))).toBe(false);
  });
});
