export const style = `
:root { --line: #d0d7de; --soft: #f6f8fa; --text: #1f2328; --muted: #59636e; --link: #0969da; --go: #1a7f37; --stop: #cf222e; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); }
header { display: flex; gap: 1rem; align-items: center; padding: .6rem 1.5rem; background: #24292f; color: #fff; }
header a, header button { color: #fff; }
header .spacer { flex: 1; }
header form { margin: 0; }
header button { background: none; border: 0; font: inherit; cursor: pointer; padding: 0; text-decoration: underline; }
main { max-width: 60rem; margin: 1.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
a { color: var(--link); }
nav.tabs { display: flex; gap: 1.2rem; margin-bottom: 1rem; border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: var(--soft); font-weight: 600; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 1rem; overflow: auto; font-size: 13px; }
code { font-size: .9em; }
.box { border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.2rem; margin: 1rem 0; }
.muted { color: var(--muted); }
.fault { border-color: var(--stop); background: #ffebe9; }
.label { border: 1px solid var(--line); border-radius: 2em; padding: 0 .6em; font-size: .8em; color: var(--muted); }
.success { color: var(--go); } .failure, .error { color: var(--stop); } .pending { color: #9a6700; }
form.inline { display: inline; }
label { display: block; margin: .6rem 0 .2rem; font-weight: 600; }
label.choice { font-weight: normal; margin: .2rem 0; }
input[type=text], input[type=password], textarea, select { width: 100%; max-width: 32rem; padding: .4rem .6rem; font: inherit; border: 1px solid #818b98; border-radius: 6px; }
button { padding: .4rem 1rem; font: inherit; font-weight: 600; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); cursor: pointer; }
button.go { background: var(--go); border-color: var(--go); color: #fff; }
button.stop { color: var(--stop); }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; }
`;
