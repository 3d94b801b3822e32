import { BlockList, isIP } from 'node:net';
import { InvalidCidrError } from '../errors/invalid-cidr.error.js';

/** Why an address must not be dialled. */
export type BlockedReason = 'metadata' | 'loopback' | 'link-local' | 'multicast' | 'unspecified' | 'reserved';

/** Addresses where clouds serve credentials to any process. No configuration opens them. */
const METADATA_ADDRESSES = [
  '169.254.169.254', // AWS, Azure, Google, and most others
  '169.254.170.2', // AWS ECS task credentials
  '169.254.170.23', // AWS EKS pod identity
  '168.63.129.16', // Azure WireServer
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  'fd00:ec2::254', // AWS
  'fd00:ec2::23', // AWS EKS pod identity
  'fd20:ce::254', // Google
];

const BLOCKED_RANGES: readonly (readonly [BlockedReason, readonly string[]])[] = [
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  // Broadcast, and IPv6 ranges in which the IPv4 host is not known from the address: Teredo, and local NAT64, whose
  // operator chooses where in the address the IPv4 address is (RFC 6052, RFC 8215).
  ['reserved', ['240.0.0.0/4', '2001::/32', '64:ff9b:1::/48']],
];

/** Prefixes of IPv6 addresses that contain an IPv4 address, and the group at which it begins. */
const EMBEDDED_IPV4_PREFIXES: readonly { readonly groups: readonly number[]; readonly at: number }[] = [
  { groups: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // ::ffff:0:0/96, IPv4-mapped
  { groups: [0, 0, 0, 0, 0xffff, 0], at: 6 }, // ::ffff:0:0:0/96, SIIT
  { groups: [0, 0, 0, 0, 0, 0], at: 6 }, // ::/96, IPv4-compatible
  { groups: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // 64:ff9b::/96, NAT64
  { groups: [0x64, 0xff9b, 1, 0, 0, 0], at: 6 }, // 64:ff9b:1::/48, local NAT64
  { groups: [0x2002], at: 1 }, // 2002::/16, 6to4
];

const METADATA = parseCidrs(METADATA_ADDRESSES);
const BLOCKED = BLOCKED_RANGES.map(([reason, cidrs]) => ({ reason, list: parseCidrs(cidrs) }));

/**
 * Parses ranges in CIDR notation; a single address is a range of one.
 *
 * @throws InvalidCidrError
 */
export function parseCidrs(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix, ...rest] = cidr.trim().split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN;
    if (family === 0 || rest.length > 0 || !(bits <= (family === 6 ? 128 : 32))) throw new InvalidCidrError(cidr);
    list.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * Checks whether an address may be dialled. Private ranges may: GitHub Enterprise Server is usually there. An IPv6
 * address that contains an IPv4 address is checked as both.
 *
 * @param address an IP address from the resolver or a URL
 * @param allowed ranges that the operator opened; they never open a metadata address
 * @returns why it must not be dialled, or undefined if it may be
 */
export function blockedReason(address: string, allowed: BlockList): BlockedReason | undefined {
  // Without the zone (`fe80::1%eth0`), which names an interface.
  const [plain = ''] = address.split('%');
  const embedded = embeddedIpv4(plain);
  const forms = embedded === undefined ? [plain] : [plain, embedded];
  if (forms.some((form) => contains(METADATA, form))) return 'metadata';
  if (forms.some((form) => contains(allowed, form))) return undefined;
  for (const form of forms) {
    const hit = BLOCKED.find(({ list }) => contains(list, form));
    if (hit !== undefined) return hit.reason;
  }
  return isIP(plain) === 0 ? 'unspecified' : undefined;
}

function contains(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = ipv6Groups(address);
  const prefix = EMBEDDED_IPV4_PREFIXES.find((candidate) => candidate.groups.every((group, i) => groups[i] === group));
  if (prefix === undefined) return undefined;
  const [high = 0, low = 0] = groups.slice(prefix.at, prefix.at + 2);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function ipv6Groups(address: string): number[] {
  // The URL parser normalizes every notation to the compressed hexadecimal one.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16));
}
