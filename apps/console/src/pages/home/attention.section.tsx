import { Link } from 'react-router';
import { Notice } from '../../components/notice.js';
import type { Attention } from './overview.rules.js';

/** Failures that keep content from being published, each with a link to its remedy. */
export function AttentionSection({ attention }: { readonly attention: readonly Attention[] }) {
  if (attention.length === 0) return <Notice tone="good">No provider, sync or production deployment failed.</Notice>;
  return (
    <section aria-label="Needs attention">
      {attention.map(({ id, title, text, to }) => (
        <Notice
          key={id}
          tone="warn"
          title={title}
          action={
            <Link className="button" to={to}>
              Show details<span className="visually-hidden"> of: {title}</span>
            </Link>
          }
        >
          {text}
        </Notice>
      ))}
    </section>
  );
}
