import { html } from '../page/html.template.js';
import type { Page } from '../page/page.js';
import { pageFolder } from '../source/paths.rules.js';
import { splitFrontMatter } from '../syntax/front-matter.rules.js';
import { renderMarkdown, titleOf } from './markdown.renderer.js';

/** @throws SourceSyntaxError if the front matter cannot be read */
export function markdownPage(file: string, text: string): Page {
  const { frontMatter, body } = splitFrontMatter(text);
  return {
    file,
    folder: pageFolder(file),
    title: frontMatter.title ?? titleOf(body),
    description: frontMatter.description,
    text,
    render({ rewrite }) {
      const rendered = renderMarkdown(body, rewrite);
      const needsTitle = frontMatter.title !== undefined && !rendered.headings.some(({ level }) => level === 1);
      return needsTitle
        ? {
            ...rendered,
            html: html`<h1>${frontMatter.title}</h1>
              ${rendered.html}`,
          }
        : rendered;
    },
  };
}
