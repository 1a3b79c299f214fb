import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { ProcessTable, Seen } from './table.ts'

let boot: string | undefined

/** Measured with 100 processes: a look 30 µs, the environments of all of them 2 ms. */
export const linux: ProcessTable = {
  bootId: () => {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return boot
  },
  see,
  all: () => pids().flatMap((pid) => see(pid) ?? []),
  holding: (text) =>
    pids()
      .filter((pid) => isOwn(pid) && read(pid, 'environ')?.includes(text))
      .flatMap((pid) => see(pid) ?? []),
}

function see(pid: number): Seen | undefined {
  const stat = read(pid, 'stat')?.toString('latin1')
  return stat === undefined ? undefined : parseStat(stat)
}

/** `pid (name) state ppid pgrp …`, see proc(5). A name may hold anything, brackets and spaces included. */
export function parseStat(stat: string): Seen {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', parent, group] = fields
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    group: Number(group),
    start: fields[19] ?? '',
    zombie: state === 'Z' || state === 'X',
  }
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** Root may read every environment, and must still not end what belongs to others. */
function isOwn(pid: number): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.geteuid?.()
}

/** Undefined when the process is gone, or not ours to look into. */
function read(pid: number, what: 'stat' | 'environ'): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${what}`)
  } catch {
    return undefined
  }
}
