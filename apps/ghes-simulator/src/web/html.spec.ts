import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';

describe('html', () => {
  it('escapes what could become markup, in text and in attributes', () => {
    const name = `"><script>alert('x')</script>&`;
    expect(html`<a title="${name}">${name}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('keeps templates within templates, joins lists and leaves out what is absent', () => {
    const list = [1, 2].map((item) => html`[${item}<${html`&`}]`);
    expect(html`${list}${undefined}${false}${null}.`.text).toBe('[1<&][2<&].');
  });
});
