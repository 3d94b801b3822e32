import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { NavigationType, useNavigationType } from 'react-router';
import { useTitle } from './use-title.js';

interface PageHeaderProps {
  readonly title: string;
  readonly above?: ReactNode;
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/**
 * The head of a page. After a link inside the console was followed it takes the focus, so that a screen reader reads
 * the new page's name; on a first load (`POP`) the browser does that itself.
 */
export function PageHeader({ title, above, badge, actions, children }: PageHeaderProps) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  const navigation = useNavigationType();
  useEffect(() => {
    if (navigation !== NavigationType.Pop) heading.current?.focus();
    // Only on mount: tabs and filters also navigate, and must not move the focus.
  }, []);
  return (
    <header className="page-header">
      {above}
      <div className="page-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {badge}
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
      {children !== undefined && <div className="page-lead">{children}</div>}
    </header>
  );
}
