import { describe, expect, it } from '@jest/globals';
import { previewMarkdown } from './preview.js';

const preview = (text: string, files: Record<string, string | null> = {}) =>
  previewMarkdown({ path: 'guides/start.md', text, files });

describe('the preview of a page', () => {
  it('is the article that a build renders', async () => {
    const { html, missing } = await preview('---\ntitle: Start\n---\n\n> [!NOTE]\n> Read this.\n');
    expect(html).toContain('<h1>Start</h1>');
    expect(html).toContain('admonition');
    expect(missing).toEqual([]);
  });

  it('names the partials and images that it needs, and shows them once it has them', async () => {
    const text = '![Logo](../logo.png)\n\n{% partial file="/_partials/note.md" /%}\n\n<b>raw</b>\n';
    expect((await preview(text)).missing).toEqual(['_partials/note.md', 'logo.png']);
    const files = { 'logo.png': 'data:image/png;base64,AAAA', '_partials/note.md': 'An included note' };
    const { html, missing } = await preview(text, files);
    expect(html).toContain('src="data:image/png;base64,AAAA"');
    expect(html).toContain('An included note');
    expect(missing).toEqual([]);
  });

  it('shows the alternative text of an image that does not exist', async () => {
    const { html, missing } = await preview('![Logo](no.png)', { 'guides/no.png': null });
    expect(missing).toEqual([]);
    expect(html).toContain('<span>Logo</span>');
  });

  it('attack: scripts and event handlers of a page are removed', async () => {
    const { html } = await preview(
      '<script>alert(1)</script><img src="x.png" onerror="alert(1)">[x](javascript:alert(1))',
    );
    expect(html).not.toMatch(/<script|onerror|href="javascript/);
  });
});
