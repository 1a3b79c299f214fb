/** What a long-running part tells whoever operates it: one line each, on a stream. */

import { fstatSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { type Clock, utcTime } from './clock.ts'
import { cut, neutralise, oneLine } from './text.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof levels)[number]

type Facts = Readonly<Record<string, unknown>>

export type Log = Readonly<Record<Level, (message: string, facts?: Facts) => void>> & {
  /** The same log, its lines marked as coming from `name`. */
  readonly part: (name: string) => Log
}

export interface LogOptions {
  readonly clock: Clock
  /** The least important level that is written. */
  readonly level?: Level
}

/**
 * A stream such as standard error, for a log that goes on for long: lines are lost while its disk is
 * full, and nothing else. Node would end the program, or with a listener the stream.
 */
export function lasting(stream: Stream & Writable & { readonly fd: number }): Stream {
  stream.on('error', () => {})
  if (!fstatSync(stream.fd).isFile()) return stream
  return {
    write(text: string) {
      try {
        writeSync(stream.fd, text)
        return true
      } catch {
        return false
      }
    },
  }
}

interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/**
 * Lines such as `2026-11-20T20:15:04Z warn dispatcher board is busy board=default waited=31`. Who watches a
 * terminal needs no date: there it is the time of day, in local time.
 */
export function logTo(stream: Stream, options: LogOptions): Log {
  const least = levels.indexOf(options.level ?? 'info')
  const timeOf = stream.isTTY ? localTime : utcTime
  const part = (name: string): Log => {
    const at =
      (level: Level) =>
      (message: string, facts: Facts = {}) => {
        if (levels.indexOf(level) < least) return
        const time = timeOf(options.clock())
        const known = Object.entries(facts).filter(([, value]) => value !== undefined)
        const said = known.map(([key, value]) => `${key}=${shown(value)}`)
        const line = [time, level, name, oneLine(message), ...said].filter(Boolean).join(' ')
        stream.write(`${neutralise(line)}\n`)
      }
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), part }
  }
  return part('')
}

function localTime(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8)
}

const nothing = () => {}

export const silent: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  part: () => silent,
}

/** A value in one word; quoted when it has spaces. Errors by their message. */
function shown(value: unknown): string {
  const text =
    value instanceof Error ? value.message : typeof value === 'string' ? value : json(value)
  const short = cut(text, 2000)
  return /^[^\s"=]+$/.test(short) ? short : JSON.stringify(short)
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
