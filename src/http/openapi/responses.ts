/** What can come back. */

import type { Operation } from '../../operations/operation.ts'
import type { AnswerName } from '../answers.ts'
import type { Json } from './json-schema.ts'

interface Answered {
  readonly answer: AnswerName
  readonly live?: true
  readonly tagged?: true
}

export function answerOf({ answer, live, tagged }: Answered): Json {
  const schema = { $ref: `#/components/schemas/${answer}` }
  const type = live ? 'text/event-stream' : 'application/json'
  const description = live ? 'a stream: the data of each event is this' : 'what was asked for'
  const headers = { ETag: { description: 'of this state', schema: { type: 'string' } } }
  return {
    200: { description, ...(tagged ? { headers } : {}), content: { [type]: { schema } } },
    ...(tagged ? { 304: { description: 'it is as `If-None-Match` says' } } : {}),
  }
}

const refusalWords: Readonly<Record<number, string>> = {
  400: 'well formed, but it means nothing',
  401: 'the token is missing or wrong',
  403: 'a foreign page, a foreign name, or not to be done from here',
  404: 'no such task, link or board',
  409: 'the right request at the wrong moment: the sentence says what stands against it',
  413: 'longer than 1 MiB',
  422: 'a wrong type, shape or range: `facts.faults` names the fields',
}

export function refusals({ effect }: Operation): Json {
  const codes = [400, 401, 403, 404, ...(effect === 'write' ? [409, 413] : []), 422]
  return Object.fromEntries(
    codes.map((code) => [
      code,
      {
        description: refusalWords[code],
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    ]),
  )
}
