/** Fields of answers and payloads that tests read by name. */
export interface Fields {
  /** First item, for answers that are lists. */
  readonly 0: Fields;
  readonly action?: string;
  readonly id: number;
  readonly number: number;
  readonly full_name: string;
  readonly message: string;
  readonly branch: string;
  readonly sha: string;
  readonly ref: string;
  readonly guid: string;
  readonly token: string;
  readonly node_id: string;
  readonly pem: string;
  readonly created: boolean;
  readonly truncated: boolean;
  readonly created_at: string;
  readonly commits: unknown[];
  readonly content: string;
  readonly size: number;
  readonly object: { sha: string };
  readonly parents: { sha: string }[];
  readonly tree: { sha: string } & { path: string; sha: string; size: number }[];
}
