import type { ListResource } from '../api/use-list.js';

/** The button that loads the next page of a list, if there is one. */
export function ShowMore<Item>({ list }: { readonly list: ListResource<Item> }) {
  if (!list.data?.endCursor) return null;
  return (
    <p className="show-more">
      <button type="button" className="button" onClick={list.showMore}>
        Show more
      </button>
    </p>
  );
}
