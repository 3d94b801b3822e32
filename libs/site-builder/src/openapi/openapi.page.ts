import type { Page } from '../page/page.js';
import { pageFolder } from '../source/paths.rules.js';
import { descriptionView, titleOfDescription } from './description.view.js';
import { readDescription } from './detect.rules.js';

/**
 * @returns undefined if the file is no OpenAPI description
 * @throws SourceSyntaxError if it claims to be one and cannot be read
 */
export function openapiPage(file: string, text: string): Page | undefined {
  const description = readDescription(file, text);
  if (!description) return undefined;
  return {
    file,
    folder: pageFolder(file),
    title: titleOfDescription(description) ?? 'API reference',
    description: undefined,
    text,
    render: ({ rewrite, publishSource }) => descriptionView(description, rewrite, publishSource()),
  };
}
