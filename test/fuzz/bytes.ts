/** Board files that were cut off or overwritten. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { isWhole, openAndRead, wholeBoard } from './board-files.ts'
import { always, type Size } from './odd.ts'

/** What is done to the bytes of a file. */
type Damage =
  | { readonly keep: number }
  | { readonly write: readonly (readonly [at: number, byte: number])[] }
  | { readonly page: number; readonly noise: Uint8Array }
  | { readonly append: Uint8Array }

const byte = fc.nat(255)

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    write: fc.array(fc.tuple(fc.nat(2 ** 30), byte), { minLength: 1, maxLength: 40 }),
  }),
  // The head of the file, and of its first page.
  fc.record({ write: fc.array(fc.tuple(fc.nat(140), byte), { minLength: 1, maxLength: 4 }) }),
  fc.record({ page: fc.nat(60), noise: fc.uint8Array({ minLength: 64, maxLength: 4096 }) }),
  fc.record({ append: fc.uint8Array({ maxLength: 9000 }) }),
)

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if ('keep' in damage) return bytes.subarray(0, Math.floor(bytes.length * damage.keep))
  if ('append' in damage) return Buffer.concat([bytes, damage.append])
  const copy = Buffer.from(bytes)
  if ('write' in damage) for (const [at, value] of damage.write) copy[at % copy.length] = value
  else copy.set(damage.noise, (damage.page * 4096) % copy.length)
  return copy
}

/** Files with other bytes: each is read, or refused with one sentence and left as it is. */
export async function fuzzBytes(size: Size): Promise<void> {
  const whole = readFileSync(await wholeBoard())
  const home = await newHome()
  const file = join(newFolder(), 'kanban.db')
  await always(damages, size, async (damage) => {
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    const bytes = damaged(whole, damage)
    writeFileSync(file, bytes)
    const wasWhole = isWhole(file)
    if ((await openAndRead(file, home)) === 'refused') {
      expect(readFileSync(file).equals(bytes)).toBe(true)
    }
    if (wasWhole) expect(isWhole(file)).toBe(true)
  })
}
