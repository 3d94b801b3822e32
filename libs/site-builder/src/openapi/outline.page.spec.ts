import { describe, expect, it } from '@jest/globals';
import { articleOf, build, places } from '../../test/built-site.js';

describe('outlinePage', () => {
  it.each(['2.6.0', '3.0.0'])('shows an AsyncAPI %s description', async (version) => {
    const built = await build({
      'events.yaml': `asyncapi: ${version}\ninfo: { title: Events, version: 1.0.0, description: "See [g](guide.md)" }\nservers: { main: { url: "amqp://x" } }\nchannels: { orders: { description: "*All* orders" } }\n`,
      'guide.md': '# G',
    });
    expect([built.problems, built.pages]).toEqual([[], 2]);
    const page = articleOf(built, 'events/index.html');
    expect(page).toContain('<h1 id="events">Events <small>1.0.0</small></h1>');
    expect(page).toContain('<a href="/guide/">g</a>');
    expect(page).toContain('<h3 id="orders"><code>orders</code></h3>');
    expect(page).toContain('<p><em>All</em> orders</p>');
  });

  it('shows an Arazzo description', async () => {
    const built = await build({
      'flows.json': JSON.stringify({
        arazzo: '1.0.1',
        info: { title: 'Flows' },
        sourceDescriptions: [{ name: 'api', url: './openapi.yaml' }],
        workflows: [{ workflowId: 'buy', summary: 'Buys' }, null, 3],
      }),
    });
    expect(built.problems).toEqual([]);
    expect(articleOf(built, 'flows/index.html')).toContain('<h3 id="buy"><code>buy</code></h3>\n<p>Buys</p>');
  });

  it('reports a description that cannot be parsed, and ignores other data', async () => {
    const built = await build({ 'index.md': '# I', 'a.yaml': 'asyncapi: 3.0.0\nchannels: [', 'b.yaml': 'x: asyncapi' });
    expect(places(built)).toEqual(['openapi-invalid a.yaml:2']);
  });

  it('attack: escapes and sanitizes what it shows', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    const built = await build({
      'a.json': JSON.stringify({
        asyncapi: '3.0.0',
        info: { title: evil, version: evil, description: evil },
        channels: { [evil]: { description: `[x](javascript:alert(1)) ${evil}` }, b: null, c: [evil] },
        operations: evil,
      }),
    });
    const page = articleOf(built, 'a/index.html');
    expect(page).not.toMatch(/<script|<[^<>]* onerror=|href="javascript/i);
  });

  it('attack: shows a bounded part of a large description', async () => {
    const channels = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`c${at}`, { x: 'y'.repeat(500) }]));
    const built = await build({ 'a.json': JSON.stringify({ asyncapi: '3.0.0', channels }) });
    expect(articleOf(built, 'a/index.html')).toContain('<p>1500 more are not shown.</p>');
  });
});
