/* Shows an OpenAPI description with Redoc, in the colours of the site. */
(() => {
  'use strict';

  const place = document.querySelector('article > [data-description]');
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const sans = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const mono = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace';

  const light = {
    main: '#2256d8',
    text: '#1d2433',
    soft: '#566074',
    line: '#e2e5eb',
    page: '#ffffff',
    panel: '#f6f7f9',
    samples: '#1b2130',
    code: '#12161f',
    error: '#c02b3c',
    success: '#1a7f4b',
  };
  const night = {
    main: '#86abff',
    text: '#e3e7ef',
    soft: '#9aa5b8',
    line: '#2a303c',
    page: '#12151c',
    panel: '#181c25',
    samples: '#0d1016',
    code: '#181c25',
    error: '#f58593',
    success: '#58c48c',
  };

  const themeOf = (tone) => ({
    spacing: { sectionVertical: 28 },
    breakpoints: { small: '50rem', medium: '64rem', large: '90rem' },
    colors: {
      primary: { main: tone.main },
      success: { main: tone.success },
      error: { main: tone.error },
      text: { primary: tone.text, secondary: tone.soft },
      border: { dark: tone.line, light: tone.line },
      gray: { 50: tone.panel, 100: tone.line },
    },
    schema: {
      nestedBackground: tone.panel,
      linesColor: tone.line,
      typeNameColor: tone.soft,
      requireLabelColor: tone.error,
    },
    typography: {
      fontFamily: sans,
      fontSize: '16px',
      lineHeight: '1.6',
      headings: { fontFamily: sans, fontWeight: '650' },
      code: {
        fontFamily: mono,
        fontSize: '14px',
        color: tone.text,
        backgroundColor: tone.panel,
      },
      links: { color: tone.main, visited: tone.main, hover: tone.main },
    },
    sidebar: {
      width: '17rem',
      backgroundColor: tone.page,
      textColor: tone.soft,
      activeTextColor: tone.main,
    },
    rightPanel: {
      backgroundColor: tone.samples,
      textColor: '#ffffff',
      servers: {
        overlay: { backgroundColor: tone.page, textColor: tone.text },
        url: { backgroundColor: tone.panel },
      },
    },
    codeBlock: { backgroundColor: tone.code },
    fab: { backgroundColor: tone.panel, color: tone.main },
  });

  const options = {
    sanitize: true,
    disableSearch: true,
    nativeScrollbars: true,
    hideLoading: true,
    scrollYOffset: 'header.top',
    downloadDefinitionUrl: place.dataset.description,
  };

  /** Invisible. In the name `$ref` of data, so that Redoc does not take it for a reference. */
  const MARK = '\u2060';

  const hideDataReferences = (description) => {
    const references = description['x-data-references'] ?? [];
    delete description['x-data-references'];
    for (const path of references) {
      let holder = description;
      for (const key of path) holder = holder?.[key];
      if (typeof holder !== 'object' || holder === null) continue;
      const entries = Object.entries(holder).map(([key, value]) => [key === '$ref' ? MARK + key : key, value]);
      for (const key of Object.keys(holder)) delete holder[key];
      Object.assign(holder, Object.fromEntries(entries));
    }
    return references.length > 0;
  };

  /** Removes the marks from what is shown and copied. */
  const removeMarks = (container) => {
    const clean = (node) => {
      if (node.nodeType === Node.TEXT_NODE && node.data.includes(MARK)) node.data = node.data.replaceAll(MARK, '');
      else node.childNodes.forEach(clean);
    };
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) addedNodes.forEach(clean);
    }).observe(container, { childList: true, subtree: true });
    document.addEventListener('copy', (event) => {
      const text = String(getSelection());
      if (!text.includes(MARK)) return;
      event.clipboardData.setData('text/plain', text.replaceAll(MARK, ''));
      event.preventDefault();
    });
  };

  /** On an error the list of operations stays. */
  const explain = (error) => {
    const note = document.createElement('p');
    note.className = 'reference-error';
    note.textContent = `The full reference cannot be shown: ${error?.message ?? error}`;
    place.querySelector('h1').after(note);
  };

  async function show() {
    const description = await fetch(place.dataset.description).then((answer) => answer.json());
    const marked = hideDataReferences(description);
    const container = document.createElement('div');
    if (marked) removeMarks(container);
    window.Redoc.init(description, { ...options, theme: themeOf(dark.matches ? night : light) }, container, (error) => {
      if (error) {
        explain(error);
        return;
      }
      place.closest('article').replaceChildren(container);
      container.parentElement.classList.add('ready');
      goToOperation();
    });
  }

  /** Search links to an operation by its id. Redoc's ids have the tag in front. */
  function goToOperation() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted === '') return;
    const ids = [...document.querySelectorAll('[data-item-id]')].map((item) => item.dataset.itemId);
    const id = ids.find((itemId) => itemId === wanted) ?? ids.find((itemId) => itemId.endsWith(`/${wanted}`));
    if (id === undefined) return;
    if (id !== wanted) location.replace(`#${id}`);
    document.getElementById(id)?.scrollIntoView();
  }

  // Redoc takes its colours when it is created.
  window.addEventListener('hashchange', goToOperation);
  dark.addEventListener('change', () => location.reload());
  show().catch(explain);
})();
