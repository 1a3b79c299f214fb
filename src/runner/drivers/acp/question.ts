import type { CreateElicitationRequest } from '@agentclientprotocol/sdk'
import { cut, oneLine } from '../../../lib/text.ts'

/** Bytes of a question: who answers it reads it on a card. */
const longest = 2000

/** What an agent wants to know from a person, as the reason of a block: its message, and each field with its choices. */
export function questionIn(request: CreateElicitationRequest): string {
  const message = request.message.trim()
  const fields = fieldsOf(request).filter((field) => field !== '' && field !== message)
  const url = 'url' in request && typeof request.url === 'string' ? [request.url] : []
  const text = [message, ...fields, ...url].filter(Boolean).join('\n')
  return cut(text || 'It asks for something that it does not name.', longest)
}

function fieldsOf(request: CreateElicitationRequest): string[] {
  const { requestedSchema } = request as { readonly requestedSchema?: { properties?: unknown } }
  const properties = Object.entries(requestedSchema?.properties ?? {})
  return properties.map(([name, schema]) => {
    const { title, description } = schema as { title?: unknown; description?: unknown }
    const says = [title, description].filter((part) => typeof part === 'string' && part !== '')
    const choices = choicesOf(schema)
    const asked = oneLine(says.length === 0 ? name : says.join(': '))
    return choices.length === 0 ? asked : `${asked} (${choices.join(' / ')})`
  })
}

/** One of several, or some of them: as plain values, or with titles. */
function choicesOf(schema: object): string[] {
  const { enum: values, oneOf, items } = schema as Record<string, unknown>
  if (Array.isArray(values)) return values.map(String)
  const titled = oneOf ?? (items as Record<string, unknown> | undefined)?.anyOf
  if (Array.isArray(titled)) return titled.map((one) => oneLine(String(one.title ?? one.const)))
  return typeof items === 'object' && items !== null ? choicesOf(items) : []
}
