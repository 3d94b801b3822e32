import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { isVersionedAsset, siteAsset } from './site-assets.js';

/** The global variables that elements with these ids define, e.g. headings "Exports" and "Module". */
const elements = { exports: {}, module: {}, define: Object.assign(() => undefined, { amd: {} }) };

describe('siteAsset', () => {
  it('has a version in its path, except for the frame that policies name', () => {
    const paths = (['style', 'script', 'search', 'diagramFrame'] as const).map((name) => siteAsset(name).path);
    expect(paths.map(isVersionedAsset)).toEqual([true, true, true, false]);
    expect(isVersionedAsset('_reunite/search.json')).toBe(false);
  });

  it('defines the search in spite of headings with conflicting ids', () => {
    const page = createContext({ ...elements });
    runInContext(siteAsset('search').body, page);
    const search = `const search = new globalThis.MiniSearch({ fields: ['text'] });
      search.add({ id: 1, text: 'exports' });
      search.search('exports').length`;
    expect(runInContext(search, page)).toBe(1);
    expect(elements).toMatchObject({ exports: {}, module: {} });
  });

  it.each(['search', 'redoc'] as const)(
    'runs %s with no variables of Node or a loader, and without a source map',
    (name) => {
      const { body } = siteAsset(name);
      expect(body.startsWith('(function (exports, module, define) {\n')).toBe(true);
      expect(body.endsWith('\n}).call(globalThis);\n')).toBe(true);
      expect(/^\/\/# sourceMappingURL/m.test(body)).toBe(false);
    },
  );
});
