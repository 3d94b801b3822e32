/* Renders diagrams that the page sends, and returns them as SVG. Runs in a frame that can reach neither page nor network. */
(() => {
  'use strict';

  const { mermaid } = globalThis;
  let last = Promise.resolve();

  const render = async ({ id, source, dark }) => {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      theme: dark ? 'dark' : 'default',
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      fontFamily: 'system-ui, sans-serif',
      suppressErrorRendering: true,
    });
    try {
      const { svg } = await mermaid.render(`diagram${id}`, source);
      const element = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
      const { width, height } = element.viewBox.baseVal;
      parent.postMessage({ id, svg: new XMLSerializer().serializeToString(element), width, height }, '*');
    } catch (error) {
      parent.postMessage({ id, error: String(error) }, '*');
    }
  };

  addEventListener('message', (event) => {
    if (event.source !== parent || typeof event.data?.source !== 'string') return;
    // One at a time: the renderer is not reentrant.
    last = last.then(() => render(event.data));
  });
  parent.postMessage({ ready: true }, '*');
})();
