import { useState } from 'react';
import { Icon } from './icon.js';

interface CopyButtonProps {
  /** Name of the copied value, for the label: `Copy commit`. */
  readonly what: string;
  readonly value: string;
}

/** Copies a value. The clipboard needs a secure origin; elsewhere there is no button. */
export function CopyButton({ what, value }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  if (!window.isSecureContext) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <button
      type="button"
      className="button button-quiet copy-button"
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      title={copied ? 'Copied' : `Copy ${what}`}
      onClick={() => void copy()}
      onBlur={() => setCopied(false)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
