// One build with Eleventy: node deploy-eleventy.mjs '{"source","output"}'. What it makes is comparable to what our
// builder makes: a layout with head, navigation (chapters, and the pages of one's own), previous and next page;
// headings with anchors; code in colours by the same highlighter. It makes no search index, checks no links, keeps no
// cache.
import Eleventy from '@11ty/eleventy';
import hljs from 'highlight.js/lib/common';

const { source, output } = JSON.parse(process.argv[2]);

const slugOf = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Markdown's own headings with ids and links to them. */
function anchors(markdown) {
  markdown.renderer.rules.heading_open = (tokens, index, options, env, self) => {
    tokens[index].attrSet('id', slugOf(tokens[index + 1].content));
    return self.renderToken(tokens, index, options);
  };
  markdown.renderer.rules.heading_close = (tokens, index, options, env, self) =>
    ` <a class="anchor" href="#${tokens[index - 2].attrGet('id')}">#</a>${self.renderToken(tokens, index, options)}`;
}

const layout = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }} – Benchmark</title>
<meta name="description" content="{{ description }}"><link rel="stylesheet" href="/site.css"></head>
<body><header><a href="/">Benchmark</a></header>
<nav><ul>{% for chapter in collections.chapters %}<li>
{% if chapter.folder == page.inputPath | chapterOf %}<span>{{ chapter.folder }}</span><ul>{% for entry in chapter.pages %}
<li><a href="{{ entry.url }}"{% if entry.url == page.url %} aria-current="page"{% endif %}>{{ entry.data.title }}</a></li>{% endfor %}</ul>
{% else %}<a href="{{ chapter.pages[0].url }}">{{ chapter.folder }}</a>{% endif %}</li>{% endfor %}</ul></nav>
<main><article><h1>{{ title }}</h1>{{ content | safe }}</article>
{% set previous = collections.all | getPreviousCollectionItem %}{% set next = collections.all | getNextCollectionItem %}
<nav>{% if previous %}<a href="{{ previous.url }}">{{ previous.data.title }}</a>{% endif %}{% if next %}<a href="{{ next.url }}">{{ next.data.title }}</a>{% endif %}</nav>
</main></body></html>`;

const chapterOf = (path) => /(chapter-\d+)\//.exec(path)?.[1];

const eleventy = new Eleventy(source, output, {
  quietMode: true,
  configPath: false,
  config(config) {
    config.setQuietMode(true);
    config.addFilter('chapterOf', chapterOf);
    config.addTemplate('_includes/page.njk', layout);
    config.addGlobalData('layout', 'page.njk');
    config.addPassthroughCopy({ [`${source}/images`]: 'images' });
    config.addCollection('chapters', (api) => {
      const chapters = new Map();
      for (const page of api.getAll()) {
        const folder = chapterOf(page.inputPath);
        chapters.set(folder, [...(chapters.get(folder) ?? []), page]);
      }
      return [...chapters].map(([folder, pages]) => ({ folder, pages }));
    });
    config.amendLibrary('md', (markdown) => {
      markdown.set({
        linkify: true,
        highlight: (code, language) =>
          hljs.getLanguage(language) ? hljs.highlight(code, { language, ignoreIllegals: true }).value : '',
      });
      anchors(markdown);
    });
    return { markdownTemplateEngine: false, templateFormats: ['md'] };
  },
});
await eleventy.init();
await eleventy.write();
console.log(JSON.stringify({ pages: eleventy.writer?.writeCount ?? 0 }));
