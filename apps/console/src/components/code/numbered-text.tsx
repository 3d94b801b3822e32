import { lineNumbers } from '../../format/content.js';

/** Text with line numbers, which a keyboard can scroll. */
export function NumberedText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="code" tabIndex={0} role="region" aria-label={label}>
      <pre className="code-lines" aria-hidden="true">
        {lineNumbers(text)}
      </pre>
      <pre className="code-text">
        <code>{text}</code>
      </pre>
    </div>
  );
}
