import { describe, expect, it } from '@jest/globals';
import { missingPermissions } from '@reunite/contracts';
import { appManifest, existingAppSettings, neededPermissions, requiredPermissions } from './app-manifest.rules.js';

const addresses = {
  apiUrl: 'https://reunite.example',
  webhookUrl: 'https://hooks.example',
  homepageUrl: 'https://reunite.example',
};
const connectionId = 'con_01m82gr8hef26bpes6m469grre';

describe('the manifest of an app', () => {
  it('points to the API for the created app, sign-ins, installations and webhooks', () => {
    expect(appManifest(connectionId, 'Acme', addresses)).toMatchObject({
      redirect_url: 'https://reunite.example/callback/manifest',
      callback_urls: [`https://reunite.example/callback/oauth2/${connectionId}`],
      setup_url: `https://reunite.example/callback/installed?connection=${connectionId}`,
      hook_attributes: { url: `https://hooks.example/webhooks/github/${connectionId}` },
    });
  });

  it.each(['Acme', 'A name that is far too long for an app', 'With "quotes" & more', 'Ümläute'])(
    'creates a unique app name within the limit for "%s"',
    (name) => {
      const { name: appName } = appManifest(connectionId, name, addresses);
      expect(appName.length).toBeLessThanOrEqual(34);
      expect(appName).toMatch(/^Reunite [\p{L}\p{N} ._-]*9grre$/u);
    },
  );
});

describe('the settings of an app that is created by hand', () => {
  it('contain the callback URL, and the webhook URL that all such apps share', () => {
    expect(existingAppSettings(addresses)).toMatchObject({
      callbackUrl: 'https://reunite.example/callback/oauth2',
      webhookUrl: 'https://hooks.example/api/webhooks/git/github_server',
    });
  });

  it('require no permission that the manifest does not request', () => {
    expect(missingPermissions(neededPermissions, requiredPermissions)).toEqual([]);
  });
});
