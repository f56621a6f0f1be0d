import { expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import {
  acknowledgement,
  back,
  bytesOf,
  type Ends,
  ends,
  eventsOfFile,
  flowsOf,
  four,
  hex,
  little,
  pcapFile,
  syn,
  tcpFrame,
  two,
  udpFrame,
} from './packet.fixture.ts'
import { datagramProtocols, streamProtocols } from './protocol/index.ts'

type Bytes = string | Uint8Array

const names = new Set([
  'mdns',
  'llmnr',
  'onc-rpc',
  ...[...streamProtocols, ...datagramProtocols].map(({ name }) => name),
])

/** The flow of what a client and a server say first. */
function talk(asks: Bytes, answers: Bytes = '', of: Ends = ends): Event {
  const frames = [
    tcpFrame(of, { flags: syn, sequence: 0 }),
    tcpFrame(back(of), { flags: syn | acknowledgement, sequence: 0 }),
    tcpFrame(of, { payload: asks }),
    tcpFrame(back(of), { payload: answers }),
  ]
  return flowsOf(eventsOfFile(pcapFile(frames)))[0] ?? expect.fail('no flow')
}

function exchange(asks: readonly Bytes[], answers: readonly Bytes[] = [], of: Ends = ends): Event {
  const frames = [...asks.map((bytes) => udpFrame(of, bytes)), ...answers.map((bytes) => udpFrame(back(of), bytes))]
  return flowsOf(eventsOfFile(pcapFile(frames)))[0] ?? expect.fail('no flow')
}

const protocolOf = ({ network }: Event) => (network as { protocol?: string }).protocol

const w = (value: number) => little(four(value))
const h = (value: number) => little(two(value))
const netbios = (message: Buffer) => bytesOf(four(message.length), message)
const smb2 = (body: Buffer) => netbios(bytesOf('\xfeSMB', h(64), Buffer.alloc(58), body))
const document = (body: Buffer) => bytesOf(w(body.length + 5), body, 0)
const mongo = (code: number, body: Buffer) => bytesOf(w(16 + body.length), w(1), w(0), w(code), body)
const rpcCall = (program: number) => bytesOf(...[7, 0, 2, program, 3, 1, 0, 0, 0, 0].map(four))
const rpcReply = bytesOf(...[7, 1, 0, 0, 0, 0].map(four))
const marked = (message: Buffer) => bytesOf(four(0x80000000 + message.length), message)
const preLogin = bytesOf(hex('12 01 001a 0000 01 00'), hex('00 000b 0006 01 0011 0001 ff'), Buffer.alloc(7))

test.each<[string, Bytes, Bytes]>([
  ['smb', smb2(hex('2400')), smb2(hex('4100 0100 1103'))],
  ['smb', netbios(bytesOf('\xffSMB', 0x72, Buffer.alloc(40))), ''],
  ['rdp', hex('03000013 0ee000000000000100080003000000'), hex('03000013 0ed000001234000200080002000000')],
  ['tds', preLogin, hex('04 01 0025 0000 0100')],
  ['mongodb', mongo(2013, bytesOf(w(0), 0, document(hex('10 61 00 01000000')))), ''],
  ['mongodb', mongo(2004, bytesOf(w(0), 'admin.$cmd\0', w(0), w(1), document(hex('10 61 00 01000000')))), ''],
  ['redis', '*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n', '$5\r\nvalue\r\n'],
  ['vnc', 'RFB 003.008\n', 'RFB 003.008\n'],
  ['ibm-mq', bytesOf('TSH ', four(164), hex('02 01 31 00'), Buffer.alloc(20)), ''],
  ['ibm-mq', bytesOf(hex('e3e2c840'), four(164), hex('01 01 31 00'), Buffer.alloc(20)), ''],
  ['socks', hex('04 01 01bb c0000201 7573657200'), hex('00 5a 0000 00000000')],
  ['socks', hex('05 01 00 05 01 00 01 c0000201 01bb'), hex('05 00 05 00 00 01 00000000 0000')],
  ['mysql', '', bytesOf(hex('4a0000 00 0a'), '8.0.36\0', w(9), '12345678\0', Buffer.alloc(50))],
  ['postgresql', bytesOf(four(8), four(80877103)), 'N'],
  ['postgresql', bytesOf(four(24), four(0x30000), 'user\0broker\0\0', Buffer.alloc(3)), ''],
  ['nfs', marked(rpcCall(100_003)), marked(rpcReply)],
  ['onc-rpc', marked(rpcCall(100_000)), marked(rpcReply)],
  ['bittorrent', bytesOf('\x13BitTorrent protocol', Buffer.alloc(48)), ''],
  ['ssh', 'SSH-2.0-OpenSSH_9.6\r\n', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
  ['ftp', 'USER broker\r\n', '220 ready\r\n'],
  ['ftp', '', '220 ProFTPD (files) FTP\r\n'],
  ['smtp', 'EHLO broker.example\r\n', '220-mx.example\r\n220 ready\r\n'],
  ['pop3', 'CAPA\r\n', '+OK ready\r\n'],
  ['imap', 'a1 CAPABILITY\r\n', '* OK ready\r\n'],
  ['irc', 'NICK one\r\nUSER one 0 * :One\r\n', ''],
  ['sip', 'REGISTER sip:example.com SIP/2.0\r\n\r\n', 'SIP/2.0 401 Unauthorized\r\n\r\n'],
  ['rtsp', 'OPTIONS rtsp://camera.example/1 RTSP/1.0\r\n\r\n', 'RTSP/1.0 200 OK\r\n\r\n'],
  ['mqtt', hex('10 0e 0004 4d515454 04 02 003c 0002 6131'), hex('20 02 00 00')],
  ['http', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ''],
  ['http', 'POST http://a.example/ HTTP/1.0\r\n\r\n', ''],
  ['ldap', hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00'), hex('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00')],
  ['dcerpc', bytesOf(hex('05 00 0b 03 10000000 4800 0000 01000000 b810 b810 00000000'), Buffer.alloc(48)), ''],
])('%s is found on any port by what is said', (name, asks, answers) => {
  for (const toPort of [80, 443, 50_001]) expect(protocolOf(talk(asks, answers, { ...ends, toPort }))).toBe(name)
  expect(names).toContain(name)
})

const question = bytesOf('\x06broker\x07example\0', two(1), two(1))
const query = bytesOf(hex('1234 0100 0001 0000 0000 0000'), question)
const answer = bytesOf(hex('1234 8180 0001 0001 0000 0000'), question, hex('c00c 0001 0001 0000003c 0004 c0000207'))

test('questions and answers of DNS are told', () => {
  expect(exchange([query], [answer])).toMatchObject({
    network: { protocol: 'dns' },
    dns: {
      type: 'answer',
      id: String(0x1234),
      op_code: 'QUERY',
      response_code: 'NOERROR',
      question: { name: 'broker.example', type: 'A', class: 'IN' },
      answers: [{ name: 'broker.example', type: 'A', class: 'IN', ttl: 60, data: '192.0.2.7' }],
      resolved_ip: ['192.0.2.7'],
    },
  })
  expect(protocolOf(talk(bytesOf(two(query.length), query), bytesOf(two(answer.length), answer)))).toBe('dns')
})

test('questions to a group without a server have the names of their protocols', () => {
  expect(protocolOf(exchange([query], [], { ...ends, to: '224.0.0.251' }))).toBe('mdns')
  expect(protocolOf(exchange([query], [], { ...ends, to: '224.0.0.252' }))).toBe('llmnr')
})

test('names that point at themselves, or from one to the other, end the reading', () => {
  const loops = ['c00c', 'c00e c00c', '01 61 c00c', '3f'].map((name) =>
    bytesOf(hex('1234 0100 0001 0000 0000 0000'), hex(name), hex('0001 0001')),
  )
  for (const loop of loops) expect(protocolOf(exchange([loop]))).toBeUndefined()
})

test.each<[string, Bytes]>([
  ['dns with a record too many', bytesOf(query.subarray(0, 6), two(1), query.subarray(8))],
  ['dns with a byte too many', bytesOf(query, 0)],
  ['names of NetBIOS', bytesOf(query.subarray(0, 12), `\x20CK${'A'.repeat(30)}\0`, two(0x21), two(1))],
  ['stun of another length', bytesOf(hex('0001 0008 2112a442'), Buffer.alloc(12), hex('00060003 61626300 00'))],
  ['dtls with a byte too many', hex('15fefd0000000000000001 0002 0228 00')],
  ['snmp with a byte too many', hex('30 08 02 01 01 04 00 a0 01 00 00')],
  ['text', 'hello'],
  ['zeros', Buffer.alloc(48)],
])('%s over UDP has no name', (_, bytes) => {
  for (const toPort of [53, 161, 123, 3478])
    expect(protocolOf(exchange([bytes], [], { ...ends, toPort }))).toBeUndefined()
})

test.each<[string, Bytes, Bytes]>([
  ['text', 'hello', 'hello'],
  ['one record of TLS that is cut off', hex('17 0303 0100 00'), ''],
  ['a head of TLS with a version that is none', hex('16 0305 0020 01 00001c 0303'), ''],
  ['X.224 of an industrial network', hex('03000016 11e00000000100c0010ac1020100c2020102'), ''],
  ['a greeting that could be anything', '', '220 ready\r\n'],
  ['two bytes that could be SOCKS', hex('05 01 00'), hex('05 02')],
  ['a method without HTTP', 'GET key\r\n', 'END\r\n'],
  ['JSON', '{"jsonrpc":"2.0"}', '{}'],
])('%s over TCP has no name', (_, asks, answers) => {
  for (const toPort of [21, 25, 80, 443, 445, 3389, 5432, 8080])
    expect(protocolOf(talk(asks, answers, { ...ends, toPort }))).toBeUndefined()
})

test('a name is the same whether the first packet of the capture is a question or an answer', () => {
  expect(protocolOf(exchange([], [answer]))).toBe('dns')
  const frames = [
    tcpFrame(back(ends), { payload: 'HTTP/1.1 200 OK\r\n\r\n' }),
    tcpFrame(ends, { payload: 'GET / HTTP/1.1\r\n\r\n' }),
  ]
  expect(flowsOf(eventsOfFile(pcapFile(frames)))).toMatchObject([
    { http: { request: { method: 'GET' }, response: { status_code: 200 } } },
  ])
})

const extension = (type: number, body: Uint8Array) => bytesOf(two(type), two(body.length), body)
const serverName = extension(0, bytesOf(two(19), 0, two(16), 'portal.broker.us'))
const applications = (...all: string[]) => {
  const list = bytesOf(...all.map((name) => bytesOf(name.length, name)))
  return extension(16, bytesOf(two(list.length), list))
}
const handshake = (type: number, body: Buffer) =>
  bytesOf(0x16, two(0x0301), two(body.length + 4), type, 0, two(body.length), body)
const clientHello = (...extensions: Buffer[]) => {
  const all = bytesOf(...extensions)
  return handshake(1, bytesOf(two(0x0303), Buffer.alloc(32, 7), 0, two(2), two(0x1301), 1, 0, two(all.length), all))
}
const serverHello = (...extensions: Buffer[]) => {
  const all = bytesOf(...extensions)
  return handshake(2, bytesOf(two(0x0303), Buffer.alloc(32, 9), 0, two(0x1301), 0, two(all.length), all))
}

test('hellos of TLS tell the name that is asked for, what is offered and what was agreed', () => {
  const flow = talk(
    clientHello(serverName, applications('h2', 'http/1.1')),
    serverHello(extension(43, two(0x0304)), applications('h2')),
  )

  expect(flow).toMatchObject({
    network: { protocol: 'tls' },
    tls: { client: { server_name: 'portal.broker.us' }, next_protocol: 'h2', version: '1.3', version_protocol: 'tls' },
    tidewaiter: { tls_offers: ['h2', 'http/1.1'] },
  })
})

test('a hello of which a part is missing tells what is there', () => {
  const whole = clientHello(serverName, applications('h2'))
  for (let length = 44; length < whole.length; length++) expect(protocolOf(talk(whole.subarray(0, length)))).toBe('tls')
  expect(talk(clientHello(serverName))).not.toHaveProperty('tls.version')
})
