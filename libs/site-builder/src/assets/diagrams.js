/* Draws the diagrams of a page. A frame without access to the page renders them; the page shows the result as images. */
(() => {
  'use strict';

  /** In milliseconds. Then the source of the diagram stays. */
  const TIMEOUT = 20_000;
  const blocks = [...document.querySelectorAll('article pre > code.language-mermaid')];
  if (blocks.length === 0) return;

  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = '/_reunite/diagram.html';
  frame.title = 'Diagrams';
  frame.className = 'diagram-frame';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');

  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  const timer = setTimeout(() => frame.remove(), TIMEOUT);
  let waiting = blocks.length;

  /** An image runs no scripts and requests nothing, whatever the diagram contains. */
  const show = (code, svg, width, height) => {
    const image = document.createElement('img');
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    image.alt = 'Diagram; its source follows';
    if (width > 0 && height > 0) Object.assign(image, { width, height });
    const figure = document.createElement('figure');
    figure.className = 'diagram';
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = 'Source of the diagram';
    const block = code.closest('.code') ?? code.parentElement;
    block.replaceWith(figure);
    details.append(summary, block);
    figure.append(image, details);
  };

  window.addEventListener('message', (event) => {
    if (event.source !== frame.contentWindow || typeof event.data !== 'object' || event.data === null) return;
    const { ready, id, svg, width, height } = event.data;
    if (ready === true) {
      blocks.forEach((code, at) => event.source.postMessage({ id: at, source: code.textContent, dark }, '*'));
      return;
    }
    if (typeof svg === 'string' && blocks[id]) show(blocks[id], svg, Math.round(width) || 0, Math.round(height) || 0);
    waiting -= 1;
    if (waiting > 0) return;
    clearTimeout(timer);
    frame.remove();
  });
  document.body.append(frame);
})();
