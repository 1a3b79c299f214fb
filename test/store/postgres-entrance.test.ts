/** How a server is entered that asks for a password and speaks TLS, as one does that is not on this machine. */

import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { serverFacts } from '../../src/store/postgres-facts.ts'
import { findServer, unprivileged } from '../../tools/postgres-server.mjs'
import { temporaryFolder } from '../lib/folder.ts'
import { type Cluster, startCluster } from '../support/postgres.ts'

/** Nobody else listens there, whatever runs on this machine. */
const host = `127.7.${process.pid % 256}.${1 + ((process.pid >> 8) % 250)}`

/** One authority, and a certificate of it for `localhost`; the files are in `folder`. */
function makeCertificates(folder: string): void {
  const at = (name: string): string => join(folder, name)
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj']
  openssl('req', '-x509', ...key, '/CN=us', '-keyout', at('ca.key'), '-out', at('ca.crt'))
  openssl('req', ...key, '/CN=localhost', '-keyout', at('key'), '-out', at('request'))
  const authority = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-set_serial', '1']
  openssl('x509', '-req', '-in', at('request'), ...authority, '-out', at('crt'))
}

async function startEntrance(folder: string, ...extra: string[]): Promise<Cluster> {
  makeCertificates(folder)
  writeFileSync(join(folder, 'hba'), 'local all all trust\nhost all all all scram-sha-256\n')
  const { uid, gid } = unprivileged()
  if (uid !== undefined)
    for (const name of ['', 'key', 'hba']) chownSync(join(folder, name), uid, gid)
  chmodSync(join(folder, 'key'), 0o600)
  const cluster = await startCluster([
    `listen_addresses=${host}`,
    `hba_file=${join(folder, 'hba')}`,
    `ssl_cert_file=${join(folder, 'crt')}`,
    `ssl_key_file=${join(folder, 'key')}`,
    ...extra,
  ])
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  await client.query(`alter user kanban password 'as:ked'`).finally(() => client.end())
  return cluster
}

let folder = ''

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('HOME', folder)
  return () => vi.unstubAllEnvs()
})

/** In the words of `serverFacts`, or why not. */
async function entered(url: string): Promise<string> {
  const place = url.replace(/:[^:/]*@/, '@')
  const facts = serverFacts(url).then(
    (found) => (found.open ? 'open' : 'well'),
    (error) => `${error.code}: ${error.message}`,
  )
  return (await facts).replaceAll(place, 'it').replaceAll(folder, '')
}

describe.skipIf(findServer() === undefined || process.platform !== 'linux')('on PostgreSQL', () => {
  test('a password is found where PostgreSQL looks for it, and asked for in a sentence', async () => {
    const cluster = await startEntrance(folder)
    const url = `postgres://kanban@${host}/postgres`
    const pass = join(folder, '.pgpass')
    try {
      expect(await entered(url)).toBe(
        'config: it cannot be used: it asks for a password; put one into /.pgpass, or into the URL in HERMES_KANBAN_DB',
      )
      const lines = ['# a note', `${host}:5432:other:kanban:no`, `${host}:*:*:kanban:as\\:ked`]
      writeFileSync(pass, `${lines.join('\n')}\n`, { mode: 0o644 })
      expect(await entered(url)).toContain('others may read /.pgpass, so it does not count: chmod')
      chmodSync(pass, 0o600)
      expect(await entered(url)).toBe('well')
      expect(await entered(url.replace('@', ':wrong@'))).toMatch(
        /^config: it cannot be used \(password authentication failed/,
      )
      expect(await entered(`${url}?sslmode=require`)).toMatch(
        /^config: .* cannot be trusted \(The server does not support SSL connections\): see/,
      )
    } finally {
      await cluster.stop()
    }
  })

  test('a server is trusted as far as the URL asks, without a warning of the driver', async () => {
    const warned = vi.spyOn(process, 'emitWarning')
    const cluster = await startEntrance(folder, 'ssl=on')
    const url = `postgres://kanban:as%3Aked@${host}/postgres`
    const ca = `sslrootcert=${encodeURIComponent(join(folder, 'ca.crt'))}`
    try {
      for (const [mode, says] of [
        ['sslmode=require', /^well$/],
        [`sslmode=verify-ca&${ca}`, /^well$/],
        ['sslmode=verify-ca', /^config: .* cannot be trusted \(.*sslrootcert\): see/],
        ['sslmode=verify-full', /^config: .* cannot be trusted \(unable to verify the first/],
        [`sslmode=verify-full&${ca}`, /^config: .* cannot be trusted \(Hostname.IP does not match/],
        ['sslmode=verify-full&sslrootcert=/none', /^config: .* cannot be used \(ENOENT.*check the/],
      ] as const) {
        expect(await entered(`${url}?${mode}`), mode).toMatch(says)
      }
      expect(warned).not.toHaveBeenCalled()
    } finally {
      await cluster.stop()
    }
  })
})
