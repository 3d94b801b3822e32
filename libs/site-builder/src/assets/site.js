/* Search, tabs, copying of code, larger images, and where one is in the page. Everything can be read without it. */
(() => {
  'use strict';

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  function startSearch() {
    const box = document.querySelector('header.top > .search');
    const input = box.querySelector('input');
    const list = box.querySelector('.results');
    const status = box.querySelector('.status');
    let index;
    let selected = -1;
    box.hidden = false;

    // Other versions and languages.
    const hidden = document.querySelector('.variants')?.dataset.hidden.split(' ').filter(Boolean) ?? [];

    const load = () => {
      index ??= Promise.all([loadScript(), fetch(input.dataset.index).then((answer) => answer.json())])
        .then(([, pages]) => indexOf(pages))
        .catch(() => {
          index = undefined;
          return undefined;
        });
      return index;
    };

    const loadScript = () =>
      new Promise((resolve, reject) => {
        const { script: src, integrity } = input.dataset;
        document.head.append(make('script', { src, integrity, onload: resolve, onerror: reject }));
      });

    const indexOf = (pages) => {
      const entries = [];
      for (const [title, address, headings, body = ''] of pages) {
        entries.push({ id: entries.length, text: title, page: '', body, href: address });
        for (const [text, id] of headings) {
          entries.push({ id: entries.length, text, page: title, body: '', href: `${address}#${id}` });
        }
      }
      const search = new window.MiniSearch({ fields: ['text', 'page', 'body'], storeFields: ['text', 'page', 'href'] });
      search.addAll(entries);
      return search;
    };

    const options = () => [...list.querySelectorAll('a')];

    const select = (position) => {
      const all = options();
      selected = all.length === 0 ? -1 : (position + all.length) % all.length;
      all.forEach((option, at) => option.setAttribute('aria-selected', String(at === selected)));
      if (selected === -1) return input.removeAttribute('aria-activedescendant');
      input.setAttribute('aria-activedescendant', all[selected].id);
      all[selected].scrollIntoView({ block: 'nearest' });
    };

    const close = () => {
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };

    const show = (matches, text) => {
      const links = matches.map(({ text: label, page, href }, at) => {
        const link = make('a', { href, id: `_result-${at}`, tabIndex: -1 }, label);
        if (page) link.append(make('small', {}, page));
        link.setAttribute('role', 'option');
        return link;
      });
      list.replaceChildren(...(links.length > 0 ? links : [make('p', {}, text)]));
      status.textContent = links.length > 0 ? `${links.length} ${links.length === 1 ? 'result' : 'results'}` : text;
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      select(0);
    };

    const search = async () => {
      const query = input.value.trim();
      if (query === '') return close();
      const index = await load();
      if (query !== input.value.trim()) return undefined;
      if (!index) return show([], 'Search could not be loaded.');
      const how = {
        prefix: true,
        fuzzy: (term) => (term.length > 3 ? 0.2 : false),
        boost: { text: 3, body: 0.5 },
        combineWith: 'AND',
        filter: ({ href }) => !hidden.some((address) => href.startsWith(address)),
      };
      return show(index.search(query, how).slice(0, 20), `No results for “${query}”.`);
    };

    input.addEventListener('focus', load);
    input.addEventListener('input', search);
    input.addEventListener('focus', search);
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        if (list.hidden) input.value = '';
        close();
      } else if (list.hidden) return;
      else if (event.key === 'ArrowDown') select(selected + 1);
      else if (event.key === 'ArrowUp') select(selected - 1);
      else if (event.key === 'Enter') options()[selected]?.click();
      else return;
      event.preventDefault();
    });
    list.addEventListener('click', () => close());
    document.addEventListener('click', (event) => box.contains(event.target) || close());
    document.addEventListener('keydown', (event) => {
      const writing = event.target.closest?.('input, textarea, select, [contenteditable]');
      if (event.key !== '/' || writing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
    });
  }

  function startTabs(tabs, number) {
    const panels = [...tabs.children].filter((child) => child.matches('section.tab'));
    if (panels.length === 0) return;
    const list = make('div', { className: 'tab-list' });
    list.setAttribute('role', 'tablist');
    const buttons = panels.map((panel, at) => {
      const button = make(
        'button',
        { type: 'button', id: `_tab-${number}-${at}` },
        panel.getAttribute('aria-label') ?? '',
      );
      panel.id = `_panel-${number}-${at}`;
      button.setAttribute('role', 'tab');
      button.setAttribute('aria-controls', panel.id);
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      return button;
    });
    const open = (position) => {
      const at = (position + panels.length) % panels.length;
      panels.forEach((panel, index) => (panel.hidden = index !== at));
      buttons.forEach((button, index) => {
        button.setAttribute('aria-selected', String(index === at));
        button.tabIndex = index === at ? 0 : -1;
      });
      return buttons[at];
    };
    buttons.forEach((button, at) => {
      button.addEventListener('click', () => open(at));
      button.addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowRight') open(at + 1).focus();
        if (key === 'ArrowLeft') open(at - 1).focus();
      });
    });
    list.append(...buttons);
    tabs.prepend(list);
    open(0);
  }

  function startCopying(code) {
    if (!navigator.clipboard) return;
    const button = make('button', { type: 'button', className: 'copy' }, 'Copy');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), 1500);
    });
    const block = code.parentElement;
    const frame = make('div', { className: 'code' });
    block.replaceWith(frame);
    frame.append(block, button);
    // Code that is wider than the page can be scrolled with the keyboard.
    block.tabIndex = 0;
  }

  /** Images that are shown smaller than they are open in a dialog. */
  function startZooming(image) {
    if (image.closest('a') || image.naturalWidth < image.clientWidth * 1.2) return;
    const label = image.alt ? `Enlarge image: ${image.alt}` : 'Enlarge image';
    const button = make('button', { type: 'button', className: 'zoom', ariaLabel: label });
    image.replaceWith(button);
    button.append(image);
    button.addEventListener('click', () => {
      const close = make('button', { type: 'button' }, 'Close');
      const dialog = make('dialog', { className: 'zoomed', ariaLabel: image.alt || 'Image' }, image.cloneNode(), close);
      dialog.addEventListener('click', () => dialog.close());
      dialog.addEventListener('close', () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  function whenLoaded(image, use) {
    if (image.complete && image.naturalWidth > 0) use(image);
    else image.addEventListener('load', () => use(image), { once: true });
  }

  function followReader() {
    const links = new Map([...document.querySelectorAll('.contents a')].map((link) => [link.hash, link]));
    if (links.size === 0) return;
    const headings = [...document.querySelectorAll('article :is(h2, h3)[id]')];
    const mark = () => {
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120);
      const here = passed.at(-1) ?? headings[0];
      for (const link of links.values())
        link.classList.toggle('here', decodeURIComponent(link.hash) === `#${here?.id}`);
    };
    const observer = new IntersectionObserver(mark, { rootMargin: '-100px 0px -60% 0px' });
    headings.forEach((heading) => observer.observe(heading));
    mark();
  }

  startSearch();
  document.querySelectorAll('article .tabs').forEach(startTabs);
  document.querySelectorAll('body.article article pre > code').forEach(startCopying);
  document.querySelectorAll('article img').forEach((image) => whenLoaded(image, startZooming));
  followReader();
  document.querySelector('.sidebar [aria-current]')?.scrollIntoView({ block: 'nearest' });
})();
