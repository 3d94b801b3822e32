import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build, codes } from '../../test/built-site.js';

describe('the settings of redocly.yaml that all pages share', () => {
  const pages = { 'index.md': '# Home', 'a.md': '---\ndescription: About A\n---\n# Page A', 'logo.svg': '<svg/>' };
  const built = (settings: unknown) => build({ ...pages, 'redocly.yaml': JSON.stringify(settings) });

  it('are not needed', async () => {
    const { site, problems } = await build(pages);
    expect(problems).toEqual([]);
    const page = site.get('a/index.html') ?? '';
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<meta property="og:title" content="Page A" />');
    expect(page).toContain('<meta property="og:description" content="About A" />');
    expect(page).not.toMatch(/canonical|og:url|site-footer|class="links"/);
    expect(site.has('sitemap.xml')).toBe(false);
  });

  it('seo: canonical addresses, a sitemap, a description, a language, an image', async () => {
    const seo = {
      siteUrl: 'https://docs.example.com/x/',
      description: 'All docs',
      lang: 'de-CH',
      image: 'logo.svg',
      keywords: ['a', 'b'],
    };
    const { site } = await built({ seo });
    const home = site.get('index.html') ?? '';
    expect(home).toContain('<html lang="de-CH">');
    expect(home).toContain('<link rel="canonical" href="https://docs.example.com/x/" />');
    expect(home).toContain('<meta name="description" content="All docs" />');
    expect(home).toContain('<meta name="keywords" content="a, b" />');
    expect(home).toContain('<meta property="og:image" content="https://docs.example.com/x/logo.svg" />');
    expect(site.get('a/index.html')).toContain('<meta property="og:url" content="https://docs.example.com/x/a/" />');
    expect(site.get('a/index.html')).toContain('<meta name="description" content="About A" />');
    expect(site.get('404.html')).not.toContain('canonical');
    expect(site.get('sitemap.xml')).toContain('<url><loc>https://docs.example.com/x/a/</loc></url>');
  });

  it('logo, navbar and footer, with links to pages and other sites', async () => {
    const { site, problems } = await built({
      logo: { image: './logo.svg', altText: 'Acme', link: 'a.md', favicon: 'logo.svg' },
      navbar: {
        items: [{ page: 'a.md' }, { label: 'More', items: [{ href: 'https://example.com', label: 'Other' }] }],
      },
      footer: { items: [{ group: 'Help', items: [{ page: 'a.md', label: 'A' }] }], copyrightText: '© <Acme>' },
    });
    expect(problems).toEqual([]);
    const page = site.get('index.html') ?? '';
    expect(page).toMatch(/<a class="brand" href="\/a\/"><img src="\/logo.svg" alt="Acme"/);
    expect(page).toContain('<link rel="icon" href="/logo.svg" />');
    expect(page).toMatch(/<nav class="links" aria-label="Main"><ul>\s*<li><a href="\/a\/">Page A<\/a><\/li>/);
    expect(page).toContain('<span>More</span>');
    expect(page).toContain('<a href="https://example.com">Other</a>');
    expect(page).toMatch(/<footer class="site-footer">[^]*<span>Help<\/span>[^]*© &lt;Acme&gt;/);
  });

  it('reports links to nowhere, and leaves them out', async () => {
    const result = await built({
      navbar: { items: [{ page: 'gone.md', label: 'Gone' }] },
      logo: { image: '../x.png' },
    });
    expect(codes(result)).toEqual(['configuration-invalid redocly.yaml', 'configuration-invalid redocly.yaml']);
    expect(result.site.get('index.html')).not.toContain('Gone');
  });

  it.each(['javascript:alert(1)', 'ftp://x', 'https://u@x.example', 'https://x.example?a', '"><script>', '//x', 'x'])(
    'attack: %s is not used as the address of the site',
    async (siteUrl) => {
      const result = await built({ seo: { siteUrl } });
      expect(codes(result)).toEqual(['configuration-invalid redocly.yaml']);
      expect(result.site.get('index.html')).not.toContain('canonical');
    },
  );

  it('attack: markup and scripts in settings stay text', async () => {
    const evil = '"><script>alert(1)</script>';
    const { site } = await built({
      seo: { lang: evil, title: evil, description: evil, keywords: evil, image: evil },
      logo: { image: 'javascript:alert(1)', altText: evil, link: 'javascript:alert(1)', favicon: 'data:text/html,x' },
      navbar: {
        items: [
          { href: 'javascript:alert(1)', label: evil },
          { href: 'https://x.example/"><script>', label: evil },
        ],
      },
      footer: { items: [{ group: evil, items: [{ href: '//evil.example', label: 'x' }] }], copyrightText: evil },
    });
    const page = site.get('index.html') ?? '';
    expect(page).not.toContain('<script>');
    expect(page).not.toMatch(/(?:href|src)="(?:javascript|data|\/\/)/);
  });

  it('attack: settings of any type and size take bounded time', async () => {
    const items = Array.from({ length: 20_000 }, () => ({ page: 'a.md', label: 'x'.repeat(100) }));
    const { site } = await built({ navbar: { items }, footer: [], logo: 'x', seo: { keywords: [[], {}, null] } });
    expect((site.get('index.html') ?? '').length).toBeLessThan(60_000);
    let nested: object = { page: 'a.md', label: 'deep' };
    for (let depth = 0; depth < 100; depth += 1) nested = { items: [nested] };
    expect((await built({ navbar: { items: [nested] } })).problems).toEqual([]);
  });
});

describe('the first page', () => {
  it('is at most 120 KB, compressed, with its scripts and styles', async () => {
    const chapters = Array.from({ length: 40 }, (_, at) => [`guides/chapter-${at}.md`, `# Chapter ${at}\n\n## More\n`]);
    const { site } = await build({
      'index.md': `# Home\n\n${'A paragraph of text. '.repeat(500)}\n\n\`\`\`ts\nconst a = 1;\n\`\`\`\n`,
      ...(Object.fromEntries(chapters) as Record<string, string>),
    });
    const page = site.get('index.html') ?? '';
    const loaded = [...page.matchAll(/(?:src|rel="stylesheet" href)="\/([^"]+)"/g)].map(
      ([, path = '']) => site.get(path) ?? '',
    );
    expect(loaded.length).toBeGreaterThan(1);
    const bytes = [page, ...loaded].reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(bytes).toBeLessThan(120 * 1024);
  });
});
