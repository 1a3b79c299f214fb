import { Search as Glass, X } from 'lucide-react'
import type { Ref } from 'react'
import { cx } from '../lib/classes.ts'
import { input } from '../ui/field.tsx'
import { Key } from '../ui/key.tsx'
import { adjust, usePlace } from '../url/place-store.ts'

export function Search({ ref }: { readonly ref: Ref<HTMLInputElement> }) {
  const { q } = usePlace()
  return (
    <div className="relative min-w-0 flex-1 md:max-w-72">
      <Glass
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
      />
      <input
        ref={ref}
        type="search"
        aria-label="Search cards"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        value={q}
        onChange={(event) => adjust({ q: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // Once to clear it, once more to leave it.
          if (q === '') event.currentTarget.blur()
          else adjust({ q: '' })
          event.preventDefault()
        }}
        className={cx(
          input,
          'h-7 pr-8 pl-8 pointer-coarse:h-10 [&::-webkit-search-cancel-button]:hidden',
        )}
      />
      {q === '' ? (
        <span className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 pointer-coarse:hidden">
          <Key>/</Key>
        </span>
      ) : (
        <button
          type="button"
          aria-label="Clear the search"
          className="absolute top-1/2 right-1 grid size-6 -translate-y-1/2 place-items-center rounded-sm text-faint hover:text-ink"
          onClick={() => adjust({ q: '' })}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  )
}
