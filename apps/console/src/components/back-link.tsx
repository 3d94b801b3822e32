import { Link } from 'react-router';

export function BackLink({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <Link className="back-link" to={to}>
      <span aria-hidden="true">←</span> {children}
    </Link>
  );
}
