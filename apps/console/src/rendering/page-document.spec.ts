import { describe, expect, it } from '@jest/globals';
import { pageDocument } from './page-document.js';

describe('the document of a rendered page', () => {
  it('loads styles of the console and images of the page only', () => {
    const document = pageDocument('<h1>Start</h1>', 'https://console.example.com/assets/site.css');
    expect(document).toContain(`content="default-src 'none'; style-src https://console.example.com; img-src data:"`);
    expect(document).toContain('<article><h1>Start</h1></article>');
  });
});
