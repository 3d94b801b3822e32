import { previewMarkdown } from '@reunite/site-builder/preview';
import type { PagePreview, PreviewInput } from '@reunite/site-builder/preview';

export type RenderAnswer = { readonly preview: PagePreview } | { readonly error: string };

/** Renders each page that it receives with a port for the answer. */
addEventListener('message', ({ data, ports }: MessageEvent<PreviewInput>) => {
  previewMarkdown(data).then(
    (preview) => ports[0]?.postMessage({ preview } satisfies RenderAnswer),
    (error: unknown) => ports[0]?.postMessage({ error: String(error) } satisfies RenderAnswer),
  );
});
