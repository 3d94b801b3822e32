import { PageNotFound } from '../components/page-not-found.js';

export function NotFoundPage() {
  return <PageNotFound>This page does not exist.</PageNotFound>;
}
