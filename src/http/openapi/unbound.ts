import { base } from '../route.ts'
import type { OpenApi } from './openapi.ts'
import { boardParameter } from './parameters.ts'
import { answerOf } from './responses.ts'

/** What is served without an operation behind it. */
export const unbound: OpenApi['paths'] = {
  [`${base}/tickets`]: {
    post: {
      operationId: 'post_tickets',
      summary: 'Get a ticket that opens the socket once',
      tags: ['events'],
      parameters: [],
      responses: answerOf({ answer: 'Ticket' }),
    },
  },
  [`${base}/events`]: {
    get: {
      operationId: 'get_events',
      summary: 'Be told what happens, as it happens: a WebSocket',
      description:
        'Each message is a `Happened`, at most 200 events, in order and none left out after `since`. It is closed with ' +
        '1008 when the token is missing or wrong, with 1013 when the reader is too slow, with 1001 when the server ends: ' +
        'after the last two come back with the `cursor` of the last message.',
      tags: ['events'],
      parameters: [
        {
          ...{
            name: 'since',
            in: 'query',
            required: false,
            schema: { type: 'integer', default: 0 },
          },
          description: 'begin after the event with this number; what is no number counts as 0',
        },
        {
          ...{ name: 'token', in: 'query', required: false, schema: { type: 'string' } },
          description: 'the token, where neither a header nor a cookie can be sent',
        },
        {
          ...{ name: 'ticket', in: 'query', required: false, schema: { type: 'string' } },
          description: 'a ticket, in place of the token',
        },
        boardParameter,
      ],
      responses: { 101: { description: 'the socket is open; also to say that it is refused' } },
    },
  },
}
