import { describe, expect, it } from '@jest/globals';
import { redisServers } from './redis-servers.js';

describe('redisServers', () => {
  it('parses the address of one server', () => {
    expect(redisServers('redis://api:p%40ss@redis.example.com:6380/2')).toEqual({
      isCluster: false,
      nodes: [{ host: 'redis.example.com', port: 6380 }],
      options: { host: 'redis.example.com', port: 6380, username: 'api', password: 'p@ss', db: 2 },
    });
    expect(redisServers('rediss://[::1]').options).toEqual({ host: '::1', port: 6379, tls: {}, db: 0 });
  });

  it('parses the addresses of Sentinel, with a user of its own and TLS', () => {
    const url = 'rediss://api:secret@s1/0?sentinel=main&nodes=s2:26380,s3&sentinel-user=watch&sentinel-password=other';
    expect(redisServers(url).options).toEqual({
      name: 'main',
      sentinels: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 26_380 },
        { host: 's3', port: 26_379 },
      ],
      username: 'api',
      password: 'secret',
      sentinelUsername: 'watch',
      sentinelPassword: 'other',
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
      db: 0,
    });
  });

  it('parses nodes of a cluster', () => {
    expect(redisServers('redis://:secret@n1:7000?cluster=true&nodes=n2:7001')).toEqual({
      isCluster: true,
      nodes: [
        { host: 'n1', port: 7000 },
        { host: 'n2', port: 7001 },
      ],
      options: { password: 'secret', db: 0 },
    });
  });

  it.each([
    'redis://host?sentinels=main',
    'redis://host?cluster=yes',
    'redis://host?cluster=true&sentinel=main',
    'redis://host?nodes=other:6379',
    'redis://host?cluster=true&nodes=other:port',
    'redis://host/name',
    'redis://host/1?cluster=true',
  ])('rejects %s', (url) => {
    expect(() => redisServers(url)).toThrow(expect.objectContaining({ code: 'unsupported-queue-url' }));
  });
});
