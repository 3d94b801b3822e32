import type { ReactNode } from 'react';
import { webAddress } from '../format/address.js';
import { Icon } from './icon.js';

interface ExternalLinkProps {
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A link to another site, which opens in a new tab. An address that is not http(s) stays plain text. */
export function ExternalLink({ href, children, className = 'external' }: ExternalLinkProps) {
  const address = webAddress(href);
  if (address === undefined) return <span>{children}</span>;
  return (
    <a className={className} href={address} target="_blank" rel="noreferrer" aria-describedby="opens-new-tab">
      <span>{children}</span>
      <Icon name="external" />
    </a>
  );
}
