import { BlockList, isIP } from 'node:net';

/**
 * Returns whether a host is reached without the proxy. An entry is a host name, which includes its subdomains
 * (`example.com`, `.example.com`, `*.example.com`), an address, a range in CIDR notation, or `*`; each except a range
 * may have a port. Names are not resolved. Invalid entries match nothing.
 */
export function bypassesProxy(url: Pick<URL, 'hostname' | 'port' | 'protocol'>, noProxy: readonly string[]): boolean {
  const hostname = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  return noProxy.some((entry) => matches(entry.trim().toLowerCase(), hostname, port));
}

function matches(entry: string, hostname: string, port: string): boolean {
  if (entry.includes('/')) return isInRange(entry, hostname);
  const [, name = '', entryPort] = /^(.*?)(?::(\d{1,5}))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  if (name === '*') return true;
  const plain = name.replace(/^\*?\.|^\[|\]$/g, '');
  return plain !== '' && (hostname === plain || hostname.endsWith(`.${plain}`));
}

function isInRange(range: string, address: string): boolean {
  const [network = '', prefix = ''] = range.split('/');
  const family = isIP(network);
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
  if (family === 0 || family !== isIP(address) || bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
