import type { ConnectionProfileInput, ConnectionProfileView } from '@reunite/contracts';

/** The values of the form. An empty secret keeps the stored one. */
export interface ProfileDraft {
  readonly caBundle: string;
  readonly pinnedCertificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly proxyUrl: string;
  readonly proxyUsername: string;
  readonly proxyPassword: string;
  /** One host per line, or separated by commas. */
  readonly noProxy: string;
  readonly gatewayHeaderName: string;
  readonly gatewayHeaderValue: string;
  readonly minTlsVersion: ConnectionProfileInput['minTlsVersion'];
  readonly connectTimeoutSeconds: string;
  readonly requestTimeoutSeconds: string;
  readonly gitTimeoutSeconds: string;
  readonly maxPackMegabytes: string;
}

/** A server that is reached directly and has a public certificate. */
export const DIRECT_DRAFT: ProfileDraft = {
  caBundle: '',
  pinnedCertificate: '',
  clientCertificate: '',
  clientKey: '',
  proxyUrl: '',
  proxyUsername: '',
  proxyPassword: '',
  noProxy: '',
  gatewayHeaderName: '',
  gatewayHeaderValue: '',
  minTlsVersion: 'TLSv1.2',
  connectTimeoutSeconds: '10',
  requestTimeoutSeconds: '0',
  gitTimeoutSeconds: '0',
  maxPackMegabytes: '0',
};

export function draftOfProfile(profile: ConnectionProfileView): ProfileDraft {
  return {
    ...DIRECT_DRAFT,
    caBundle: profile.caBundle,
    pinnedCertificate: profile.pinnedCertificate,
    clientCertificate: profile.clientCertificate,
    proxyUrl: profile.proxyUrl,
    noProxy: profile.noProxy.join('\n'),
    gatewayHeaderName: profile.gatewayHeaderName,
    minTlsVersion: profile.minTlsVersion,
    connectTimeoutSeconds: String(profile.connectTimeoutSeconds),
    requestTimeoutSeconds: String(profile.requestTimeoutSeconds),
    gitTimeoutSeconds: String(profile.gitTimeoutSeconds),
    maxPackMegabytes: String(profile.maxPackMegabytes),
  };
}

/** The input for the API. Without credentials in the draft, those of the same certificate, proxy or header stay. */
export function profileInput(draft: ProfileDraft): ConnectionProfileInput {
  const { clientKey, proxyUsername, proxyPassword, gatewayHeaderValue, noProxy, ...rest } = draft;
  return {
    ...rest,
    ...(clientKey !== '' && { clientKey }),
    ...(proxyUsername !== '' && { proxyUsername }),
    ...(proxyPassword !== '' && { proxyPassword }),
    ...(gatewayHeaderValue !== '' && { gatewayHeaderValue }),
    noProxy: noProxy.split(/[\s,]+/).filter((host) => host !== ''),
    connectTimeoutSeconds: Number(draft.connectTimeoutSeconds),
    requestTimeoutSeconds: Number(draft.requestTimeoutSeconds),
    gitTimeoutSeconds: Number(draft.gitTimeoutSeconds),
    maxPackMegabytes: Number(draft.maxPackMegabytes),
  };
}

/** Null for a server that is reached directly. */
export function newProfileInput(draft: ProfileDraft): ConnectionProfileInput | null {
  const fields = Object.keys(DIRECT_DRAFT) as (keyof ProfileDraft)[];
  return fields.some((field) => draft[field].trim() !== DIRECT_DRAFT[field]) ? profileInput(draft) : null;
}
