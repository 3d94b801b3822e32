/** The fields of answers and payloads that tests read; what they only compare needs no type. */
export interface Fields {
  /** Of answers that are lists. */
  0: Fields;
  action?: string;
  id: number;
  number: number;
  sha: string;
  ref: string;
  guid: string;
  token: string;
  node_id: string;
  pem: string;
  created: boolean;
  truncated: boolean;
  created_at: string;
  commits: unknown[];
  content: string;
  size: number;
  object: { sha: string };
  parents: { sha: string }[];
  tree: { sha: string } & { path: string; sha: string; size: number }[];
}
