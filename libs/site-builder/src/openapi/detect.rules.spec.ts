import { describe, expect, it } from '@jest/globals';
import { readDescription } from './detect.rules.js';

describe('readDescription', () => {
  it.each([
    ['package.json', '{"name":"x","keywords":["openapi"]}'],
    ['redocly.yaml', 'openapi:\n  hideTryItPanel: true\n'],
    ['data.yaml', 'broken: [\n'],
    ['data.json', '{"nested": {"openapi": "3.1.0"}}'],
    ['orval.yaml', 'openapi: ./spec.yaml\n'],
    ['options.json', '{"swagger": true}'],
    ['generator.yaml', 'openapi: 3rd/openapi.yaml\n'],
    ['chart.yaml', 'openapi: {{ .Values.version }}\npaths: {{ toYaml . }}\n'],
    ['docs.yaml', 'openapi: "{{ version }}"\n{% for path in paths %}\n'],
    ['nothing.yaml', 'openapi:\n'],
  ])('ignores %s', (file, text) => {
    expect(readDescription(file, text)).toBeUndefined();
  });

  it.each([
    ['pets.yaml', 'openapi: 3.0.0\n'],
    ['pets.yml', '# comment\n"swagger": "2.0"\n'],
    ['pets.json', '{"info":{},"openapi":"3.1.0"}'],
    ['number.yaml', 'openapi: 3.1 # for now\n'],
    ['flow.yaml', '{ swagger: 2.0, info: {} }\n'],
    ['anchor.yaml', 'openapi: &version 3.1.0\n'],
    ['candidate.yaml', "'openapi': '3.2.0-rc.1'\n"],
  ])('accepts %s', (file, text) => {
    expect(readDescription(file, text)).toBeDefined();
  });

  it.each([
    ['openapi.yaml', 'info:\n  title: "x\n', /line \d/],
    ['pets.yaml', 'openapi: 3.1.0\npaths:\n  - a\n b: c\n', /line 4/],
    ['pets.json', '{\n  "openapi": "3.1.0",\n  "info": {,}\n}', /line 3/],
    ['pets.yaml', 'openapi: 3.1.0\npaths: {{ toYaml . }} {% x %}\n', /line 2/],
    ['openapi.yaml', 'openapi: ./spec.yaml\n', /no top-level `openapi`/],
    ['openapi.json', '[]', /no top-level `openapi`/],
  ])('rejects %s: %j', (file, text, message) => {
    expect(() => readDescription(file, text)).toThrow(message);
  });

  it.each(['.yaml', '.json'])('attack: takes linear time for blank lines in %s', (extension) => {
    for (const blank of ['\n', ' \n', '{\n', '"openapi"\n'])
      expect(readDescription(`data${extension}`, `${blank.repeat(600_000)}x`)).toBeUndefined();
  });

  it('accepts a description after blank lines and a brace', () => {
    expect(readDescription('pets.json', '\n\n {\n\n  "swagger": "2.0"\n}')).toBeDefined();
  });
});
