/** The document for people, as a page without a script. */

import { document, escaped } from '../html.ts'
import { type Json, typeOf } from './json-schema.ts'
import type { Described, OpenApi } from './openapi.ts'

/** Where its styles are: the policy allows none inside of a page. */
export const stylesPath = '/api/reference.css'

export function referencePage(api: OpenApi): string {
  const groups = Map.groupBy(allOf(api), ({ described }) => described.tags[0] ?? '')
  const sections = Array.from(groups, ([tag, entries]) =>
    [`<h2 id="${escaped(tag)}">${escaped(tag)}</h2>`, ...entries.map(entryOf)].join('\n'),
  )
  const links = [...groups.keys()].map((tag) => `<a href="#${escaped(tag)}">${escaped(tag)}</a>`)
  const body = [
    '<main>',
    '<h1>Hermes Kanban: REST</h1>',
    '<p>For programs: <a href="/api/openapi.json">openapi.json</a>. Scripts send <code>Authorization: Bearer &lt;token&gt;</code>.',
    'Every refusal is JSON: <code>{"detail": "one sentence", "code": "…"}</code>.</p>',
    `<nav>${[...links, '<a href="#schemas">schemas</a>'].join(' ')}</nav>`,
    ...sections,
    '<h2 id="schemas">schemas</h2>',
    ...Object.entries(api.components.schemas).map(([name, schema]) => schemaOf(name, schema)),
    '</main>',
  ]
  return document('Hermes Kanban: REST', body.join('\n'), { styles: stylesPath })
}

interface Entry {
  readonly path: string
  readonly method: string
  readonly described: Described
}

function allOf({ paths }: OpenApi): Entry[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  )
}

function entryOf({ path, method, described }: Entry): string {
  const { summary, description, parameters, requestBody, responses } = described
  const rows = [
    ...parameters.map((one) =>
      row(String(one.name), String(one.in), one.schema, one.description, one.required === true),
    ),
    ...bodyRows(requestBody),
  ]
  const answers = Object.entries(responses).map(
    ([status, one]) => `<li><b>${status}</b> ${answerOf(one as Json)}</li>`,
  )
  return [
    `<section id="${escaped(described.operationId)}">`,
    `<h3><span>${method.toUpperCase()}</span> ${escaped(path)}</h3>`,
    `<p>${escaped(summary)}.${description === undefined ? '' : ` ${inline(description)}`}</p>`,
    rows.length === 0 ? '' : `<table>${rows.join('')}</table>`,
    `<ul>${answers.join('')}</ul>`,
    '</section>',
  ].join('\n')
}

function bodyRows(requestBody: Json | undefined): string[] {
  const content = requestBody?.content as Record<string, { schema: Json }> | undefined
  const schema = content?.['application/json']?.schema
  const required = (schema?.required ?? []) as readonly string[]
  return Object.entries((schema?.properties ?? {}) as Record<string, Json>).map(([name, one]) =>
    row(name, 'body', one, one.description, required.includes(name)),
  )
}

function row(
  name: string,
  place: string,
  schema: unknown,
  says: unknown,
  required: boolean,
): string {
  const cells = [
    `<code>${escaped(name)}</code>${required ? ' *' : ''}`,
    place,
    escaped(typeOf(schema as Json)),
    inline(typeof says === 'string' ? says : ''),
  ]
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

function answerOf({ description, content }: Json): string {
  const [first] = Object.values((content ?? {}) as Record<string, { schema: Json }>)
  const name = first === undefined ? undefined : typeOf(first.schema)
  const link = name === undefined ? '' : `: <a href="#schema-${escaped(name)}">${escaped(name)}</a>`
  return `${inline(String(description))}${link}`
}

function schemaOf(name: string, schema: unknown): string {
  return [
    `<section id="schema-${escaped(name)}">`,
    `<h3>${escaped(name)}</h3>`,
    `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`,
    '</section>',
  ].join('\n')
}

/** What stands between back-ticks is code. */
function inline(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

export const styles = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h2 { margin-top: 3rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
h3 { font-size: 1rem; margin: 2rem 0 .25rem; overflow-wrap: anywhere }
h3 span { display: inline-block; min-width: 4rem; font-weight: 400 }
nav a { margin-right: .75rem }
table { border-collapse: collapse; width: 100%; font-size: .875rem }
td { padding: .25rem .75rem .25rem 0; vertical-align: top; overflow-wrap: anywhere }
ul { font-size: .875rem; padding-left: 1.25rem }
pre { font-size: .8125rem; overflow-x: auto }
`
