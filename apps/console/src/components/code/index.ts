export { CodeDiff } from './code-diff.js';
export { CodeEditor } from './code-editor.js';
