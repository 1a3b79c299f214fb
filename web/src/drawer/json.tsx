import { plain } from '../lib/text.ts'

/** Facts for programs, folding where they nest. */
export function Json({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="foreign pl-4">
        <Name name={name} /> <Leaf value={value} />
      </div>
    )
  }
  const entries = Object.entries(value)
  const isList = Array.isArray(value)
  return (
    <details open={entries.length <= 12} className="pl-4">
      <summary className="-ml-4 foreign hover:bg-hover">
        <Name name={name} />{' '}
        <span className="text-faint">{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {entries.map(([key, inner]) => (
        <Json key={key} name={key} value={inner} />
      ))}
    </details>
  )
}

function Name({ name }: { readonly name: string }) {
  return <span className="text-soft">{plain(name)}:</span>
}

function Leaf({ value }: { readonly value: unknown }) {
  return typeof value === 'string' ? (
    <span className="whitespace-pre-wrap">{plain(value)}</span>
  ) : (
    <span className="text-act">{String(value)}</span>
  )
}
