/** No file of a repository can have this path: the folder is claimed first. */
export const themePath = '_reunite/site.css';

/** The look of the built-in sites: system fonts, light and dark, three columns that fold into one. */
export const themeCss = `:root {
  color-scheme: light dark;
  --bg: #ffffff;
  --bg-soft: #f6f7f9;
  --bg-code: #f3f4f7;
  --text: #1d2433;
  --text-soft: #566074;
  --line: #e2e5eb;
  --accent: #2256d8;
  --accent-soft: #e9effd;
  --get: #1a7f4b; --post: #2256d8; --put: #96600a; --delete: #c02b3c; --other: #6b46c1;
  --top: 3.5rem;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #12151c;
    --bg-soft: #181c25;
    --bg-code: #1d222d;
    --text: #e3e7ef;
    --text-soft: #9aa5b8;
    --line: #2a303c;
    --accent: #86abff;
    --accent-soft: #1d2a49;
    --get: #58c48c; --post: #86abff; --put: #e0ae5a; --delete: #f58593; --other: #b79bf5;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: calc(var(--top) + 1rem); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--bg); color: var(--text);
  font: 1rem/1.65 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100rem; z-index: 3; padding: .5rem 1rem; background: var(--bg); }
.skip:focus { left: .5rem; top: .5rem; }

.top {
  position: sticky; top: 0; z-index: 2; height: var(--top); padding: 0 1.25rem;
  display: flex; align-items: center; gap: .75rem;
  background: var(--bg); border-bottom: 1px solid var(--line);
}
.brand { color: var(--text); font-weight: 650; letter-spacing: -.01em; text-decoration: none;
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.menu { width: 2.5rem; height: 2.5rem; margin-left: -.5rem; border: 0; border-radius: 6px; background: none;
  color: inherit; font-size: 1.25rem; line-height: 1; cursor: pointer; }
.menu:hover { background: var(--bg-soft); }

.sidebar { border: 0; color: inherit; font-size: .925rem; line-height: 1.4; }
.sidebar[popover] { inset: var(--top) auto 0 0; width: min(20rem, 88vw); height: auto; max-height: none; margin: 0;
  padding: 1rem; overflow-y: auto; background: var(--bg); border-right: 1px solid var(--line); }
.sidebar::backdrop { background: rgb(0 0 0 / .4); inset: var(--top) 0 0 0; }
.sidebar :is(ul, details) { list-style: none; margin: 0; padding: 0; }
.sidebar ul ul { margin-left: .85rem; padding-left: .35rem; border-left: 1px solid var(--line); }
.sidebar a, .sidebar li > span, .sidebar summary > span { display: block; padding: .35rem .6rem; border-radius: 6px;
  color: var(--text-soft); text-decoration: none; overflow-wrap: anywhere; }
.sidebar a:hover { background: var(--bg-soft); color: var(--text); }
.sidebar a[aria-current] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
.sidebar summary { display: flex; align-items: center; list-style: none; cursor: pointer; border-radius: 6px; }
.sidebar summary::-webkit-details-marker { display: none; }
.sidebar summary > :is(a, span) { flex: 1; color: var(--text); font-weight: 600; }
.sidebar summary::after, .sidebar .closed > a::after { content: ""; flex: none; width: .4rem; height: .4rem; margin: 0 .6rem;
  border: solid var(--text-soft); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
.sidebar details[open] > summary::after { transform: rotate(45deg); }
.sidebar .closed > a { display: flex; align-items: center; justify-content: space-between; color: var(--text); font-weight: 600; }
.sidebar .closed > a::after { margin-right: 0; }
.sidebar .cut { padding: 0 .6rem; color: var(--text-soft); }

main { min-width: 0; padding: 1.5rem 1.25rem 4rem; }
article { overflow-wrap: break-word; }
.crumbs ol { display: flex; flex-wrap: wrap; margin: 0 0 .75rem; padding: 0; list-style: none; font-size: .85rem; color: var(--text-soft); }
.crumbs li:not(:last-child)::after { content: "/"; margin: 0 .5rem; color: var(--line); }
.crumbs a { color: inherit; text-decoration: none; }
.crumbs a:hover { text-decoration: underline; }
.contents { display: none; }

h1, h2, h3, h4, h5, h6 { margin: 2em 0 .6em; line-height: 1.25; letter-spacing: -.012em; font-weight: 650; text-wrap: balance; }
h1 { margin-top: 0; font-size: 2.1rem; letter-spacing: -.022em; }
h2 { font-size: 1.5rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1rem; }
.anchor { color: var(--text-soft); font-weight: 400; text-decoration: none; opacity: 0; }
:is(h1, h2, h3, h4, h5, h6):hover .anchor, .anchor:focus { opacity: 1; }
p, ul, ol, dl, pre, table, blockquote, figure, details { margin: 0 0 1.1rem; }
ul, ol { padding-left: 1.5rem; }
li > ul, li > ol { margin-bottom: 0; }
li + li { margin-top: .25rem; }
img { max-width: 100%; height: auto; }
hr { height: 1px; margin: 2.5rem 0; border: 0; background: var(--line); }
blockquote { padding: .25rem 1rem; border-left: 3px solid var(--accent); background: var(--bg-soft); border-radius: 0 6px 6px 0; }
blockquote > :last-child { margin-bottom: .25rem; }
code, kbd, samp, pre { font-family: var(--mono); font-size: .875em; }
code { padding: .12em .35em; background: var(--bg-code); border-radius: 4px; overflow-wrap: anywhere; }
kbd { padding: .1em .4em; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; background: var(--bg-soft); }
pre { padding: 1rem 1.15rem; overflow-x: auto; background: var(--bg-code); border: 1px solid var(--line); border-radius: 8px; line-height: 1.55; }
pre code { padding: 0; background: none; font-size: 1em; overflow-wrap: normal; }
table { display: block; width: max-content; max-width: 100%; overflow-x: auto; border-collapse: collapse; font-size: .95rem; }
th, td { padding: .5rem .9rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--bg-soft); font-weight: 600; white-space: nowrap; }
[align="center"] { text-align: center; }
[align="right"] { text-align: right; }
mark { background: var(--accent-soft); color: inherit; }

.pager { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 3.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.pager a { flex: 1 1 12rem; max-width: 24rem; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: 8px; text-decoration: none; font-weight: 600; }
.pager a:hover { border-color: var(--accent); }
.pager small { display: block; color: var(--text-soft); font-weight: 400; }
.pager .next { margin-left: auto; text-align: right; }

.version { padding: .15em .5em; border-radius: 5px; background: var(--bg-soft); color: var(--text-soft); font-size: .45em;
  font-weight: 500; letter-spacing: 0; vertical-align: middle; }
.operation { margin-bottom: 2.5rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
.operation h4 { margin: 1.5rem 0 .5rem; font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--text-soft); }
.endpoint { padding: .6rem .8rem; background: var(--bg-code); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
.endpoint code { background: none; }
.method { font: 700 .8rem var(--mono); color: var(--other); }
.method-get { color: var(--get); } .method-post { color: var(--post); }
.method-put, .method-patch { color: var(--put); } .method-delete { color: var(--delete); }
.schema, .responses { padding: 0; list-style: none; font-size: .95rem; }
.schema > li, .responses > li { margin: 0; padding: .6rem 0; border-top: 1px solid var(--line); }
:is(.schema, .content) .schema { margin: .5rem 0 0; padding-left: 1rem; border-left: 2px solid var(--line); }
:is(.schema, .content) .schema > li:first-child { border-top: 0; }
.name { font-weight: 600; background: none; padding: 0; }
.type, .note { color: var(--text-soft); font-size: .875rem; }
a.type { color: var(--accent); }
.required { color: var(--delete); font-size: .75rem; font-weight: 600; text-transform: none; letter-spacing: 0; }
.status { font: 700 .875rem var(--mono); color: var(--text-soft); }
.status-2 { color: var(--get); } .status-4, .status-5 { color: var(--delete); }
.description > :last-child, .response > p:last-child { margin-bottom: 0; }
.response > .status + p { display: inline; margin-left: .5rem; }
.content { margin-top: .4rem; }

@media (min-width: 60rem) {
  .menu { display: none; }
  .columns { display: grid; grid-template-columns: 17rem minmax(0, 1fr); max-width: 90rem; margin: 0 auto; }
  .sidebar[popover] { display: block; position: sticky; top: var(--top); width: auto; height: calc(100vh - var(--top));
    padding: 1.5rem .75rem 2rem 1rem; background: none; }
  main { padding: 2.25rem 3rem 5rem; }
  article, .pager { max-width: 48rem; }
}
@media (min-width: 80rem) {
  .columns { grid-template-columns: 17rem minmax(0, 1fr) 15rem; }
  .contents { display: block; position: sticky; top: var(--top); max-height: calc(100vh - var(--top)); overflow-y: auto;
    align-self: start; padding: 2.5rem 1.25rem 2rem 0; font-size: .85rem; line-height: 1.4; }
  .contents h2 { margin: 0 0 .75rem; font-size: .8rem; letter-spacing: .05em; text-transform: uppercase; color: var(--text-soft); }
  .contents ul { margin: 0; padding: 0; list-style: none; border-left: 1px solid var(--line); }
  .contents li { margin: 0; }
  .contents a { display: block; padding: .25rem .75rem; color: var(--text-soft); text-decoration: none; overflow-wrap: anywhere; }
  .contents a:hover { color: var(--accent); }
  .contents .level-3 a { padding-left: 1.5rem; }
}
@media (max-width: 60rem) { h1 { font-size: 1.75rem; } h2 { font-size: 1.3rem; } }
@media (hover: none) { :is(h2, h3, h4, h5, h6) .anchor { opacity: .35; } }
@media print { .top, .sidebar[popover], .contents, .pager, .anchor { display: none; } }
`;
