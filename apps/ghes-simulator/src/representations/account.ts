import type { Ghes } from '../ghes.js';
import type { Account } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { apiUrl, htmlUrl } from './urls.js';

/** "Simple user": an account within other objects. */
export function simpleUser(ghes: Ghes, account: Account) {
  const url = apiUrl(ghes, `/users/${encodeURIComponent(account.login)}`);
  const page = account.type === 'Bot' ? `/apps/${account.login.replace('[bot]', '')}` : `/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: htmlUrl(ghes, `/assets/avatars/u/${account.id}.svg`),
    gravatar_id: '',
    url,
    html_url: htmlUrl(ghes, page),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** The account of an app or installation: a user, an organization, or an enterprise, which has no login. */
export function ownerJson(ghes: Ghes, account: Account) {
  if (account.type !== 'Enterprise') return simpleUser(ghes, account);
  return {
    id: account.id,
    slug: account.login,
    name: account.name,
    node_id: nodeId('Enterprise', account.id),
    avatar_url: htmlUrl(ghes, `/assets/avatars/b/${account.id}.svg`),
    description: null,
    website_url: null,
    html_url: htmlUrl(ghes, `/enterprises/${account.login}`),
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** An organization in webhook payloads. */
export function simpleOrganization(ghes: Ghes, account: Account) {
  const url = apiUrl(ghes, `/orgs/${account.login}`);
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('Organization', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: htmlUrl(ghes, `/assets/avatars/u/${account.id}.svg`),
    description: account.name,
  };
}

export function fullOrganization(ghes: Ghes, account: Account) {
  const repositories = ghes.store.state.repositories.filter((item) => item.ownerId === account.id);
  return {
    ...simpleOrganization(ghes, account),
    name: account.name,
    html_url: htmlUrl(ghes, `/${account.login}`),
    type: 'Organization',
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories.filter((item) => !item.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
    archived_at: null,
  };
}

export function fullUser(ghes: Ghes, account: Account) {
  const repositories = ghes.store.state.repositories.filter((item) => item.ownerId === account.id);
  return {
    ...simpleUser(ghes, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: `${account.login}@users.noreply.${new URL(ghes.settings.publicUrl).hostname}`,
    hireable: null,
    bio: null,
    public_repos: repositories.filter((item) => !item.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}
