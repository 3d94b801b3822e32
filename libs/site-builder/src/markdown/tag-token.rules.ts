import MarkdownIt, { type Token } from 'markdown-it';
import type { Html } from '../page/html.template.js';

export function attributesOf({ meta }: Token): ReadonlyMap<string, string> {
  return meta?.['attributes'] instanceof Map ? (meta['attributes'] as Map<string, string>) : new Map<string, string>();
}

/** A token that is rendered without escaping. */
export function markup({ markup: content }: Html): Token {
  const token = new MarkdownIt.Token('markup', '', 0);
  token.content = content;
  return token;
}
